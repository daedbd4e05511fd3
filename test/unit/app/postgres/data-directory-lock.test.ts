import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { DataDirectoryInUseError, lockDataDirectory } from '@tributary/app/postgres/index';
import { findProcess } from '@tributary/app/postgres/process-identity';

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-lock-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

test('a directory has one owner at a time, and is free again when that one stops', async () => {
  const directory = await newDirectory();
  const lock = await lockDataDirectory(directory);
  await expect(lockDataDirectory(directory)).rejects.toBeInstanceOf(DataDirectoryInUseError);
  await Promise.all([lock.stop(), lock.stop()]);
  await (await lockDataDirectory(directory)).stop();
});

test('of many that ask at once exactly one becomes the owner', async () => {
  const directory = await newDirectory();
  const attempts = await Promise.allSettled(Array.from({ length: 50 }, () => lockDataDirectory(directory)));
  const refused = attempts.filter((attempt) => attempt.status === 'rejected');
  expect(refused).toHaveLength(49);
  for (const { reason } of refused) expect(reason).toBeInstanceOf(DataDirectoryInUseError);
  expect(await readdir(directory)).toEqual(['lock-1.json']);
});

test('a lock whose owner has ended is taken over, also by one of many', async () => {
  const directory = await newDirectory();
  const ended = Number(execFileSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
  await writeFile(join(directory, 'lock-7.json'), JSON.stringify({ pid: ended, startedAt: 'long ago' }));
  const attempts = await Promise.allSettled(Array.from({ length: 50 }, () => lockDataDirectory(directory)));
  expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(directory)).toEqual(['lock-8.json']);
});

test('a process that only has the pid of the owner is not the owner', async () => {
  const directory = await newDirectory();
  await writeFile(join(directory, 'lock-1.json'), JSON.stringify({ pid: process.pid, startedAt: 'another time' }));
  await (await lockDataDirectory(directory)).stop();
});

test('a refusal names the owner and writes nothing', async () => {
  const directory = await newDirectory();
  const owner = await findProcess(process.ppid);
  await writeFile(join(directory, 'lock-3.json'), JSON.stringify(owner));
  await expect(lockDataDirectory(directory)).rejects.toThrow(
    `DATA_DIR ${directory} is in use by process ${process.ppid}. Stop that process or set DATA_DIR to another directory.`,
  );
  expect(await readdir(directory)).toEqual(['lock-3.json']);
  expect(await readFile(join(directory, 'lock-3.json'), 'utf8')).toBe(JSON.stringify(owner));
});
