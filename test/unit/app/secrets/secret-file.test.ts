import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { keepSecret } from '@tributary/app/secrets/secret-file';

async function newPath(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-secret-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, 'secrets', 'key');
}

test('a secret is made once, and only its owner may read the file', async () => {
  const path = await newPath();
  expect(await keepSecret(path, () => 'first')).toBe('first');
  expect(await keepSecret(path, () => 'second')).toBe('first');
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
});

test('several that make a secret at once agree on one and leave nothing else behind', async () => {
  const path = await newPath();
  const values = await Promise.all(['a', 'b', 'c', 'd'].map((value) => keepSecret(path, () => value)));
  expect(new Set(values).size).toBe(1);
  expect(await readdir(join(path, '..'))).toEqual(['key']);
});

test('a secret that cannot be made leaves no file', async () => {
  const path = await newPath();
  await expect(keepSecret(path, () => Promise.reject(new Error('no entropy')))).rejects.toThrow('no entropy');
  expect(await readdir(join(path, '..'))).toEqual([]);
});
