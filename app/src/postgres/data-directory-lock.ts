import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { invariant } from '@tributary/kit/invariant';
import type { Handle } from '@tributary/kit/lifecycle';

import { findProcess, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

// One process at a time works below a DATA_DIR. Node has no file locks that end with the process, so the lock is a file naming its
// owner: pid and start time. Taking it over from a dead owner must be safe against a rival doing the same, and "remove the stale
// file, then create mine" is not: the second of two rivals removes the fresh lock of the first. Therefore locks are numbered and
// a number is never reused: the highest number is the lock, and it is taken by creating the next one, which exactly one rival
// can do. Giving it back rewrites the file as free instead of removing it.

export class DataDirectoryInUseError extends Error {
  override name = 'DataDirectoryInUseError';
  constructor(directory: string, { pid }: ProcessIdentity) {
    super(`DATA_DIR ${directory} is in use by process ${pid}. Stop that process or set DATA_DIR to another directory.`);
  }
}

/** Refuses when a live process holds the directory. Writes nothing. */
export async function assertDataDirectoryIsFree(directory: string): Promise<void> {
  const generation = await findHighestGeneration(directory);
  if (generation === 0) return;
  const owner = await readOwner(lockPath(directory, generation));
  if (owner && (await isRunning(owner))) throw new DataDirectoryInUseError(directory, owner);
}

/**
 * Takes the lock, or throws `DataDirectoryInUseError` without having written anything when a live process (this one included)
 * holds it. `stop()` gives it back.
 */
export async function lockDataDirectory(directory: string): Promise<Handle> {
  await mkdir(directory, { recursive: true });
  await assertDataDirectoryIsFree(directory);
  const self = await findProcess(process.pid);
  invariant(self, 'The running process has no start time.');

  const draft = await writeDraft(directory, JSON.stringify(self));
  try {
    for (;;) {
      const generation = (await findHighestGeneration(directory)) + 1;
      await assertDataDirectoryIsFree(directory);
      if (!(await tryLink(draft, lockPath(directory, generation)))) continue;
      // A rival may have gone further since the number was looked up and have tidied up this one; then the lock is the rival's.
      if ((await findHighestGeneration(directory)) === generation) return held(directory, generation);
      await rm(lockPath(directory, generation), { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function held(directory: string, generation: number): Promise<Handle> {
  for (const older of (await readGenerations(directory)).filter((each) => each < generation))
    await rm(lockPath(directory, older), { force: true });
  let stopping: Promise<void> | undefined;
  const release = async () => rename(await writeDraft(directory, 'free'), lockPath(directory, generation));
  return { stop: () => (stopping ??= release()) };
}

const lockPath = (directory: string, generation: number) => join(directory, `lock-${generation}.json`);

async function readGenerations(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.map((name) => Number(/^lock-(\d+)\.json$/.exec(name)?.[1] ?? 0)).filter((generation) => generation > 0);
}

async function findHighestGeneration(directory: string): Promise<number> {
  return Math.max(0, ...(await readGenerations(directory)));
}

/** Null for a lock that was given back, and for a file that a crash of the machine left unreadable. */
async function readOwner(path: string): Promise<ProcessIdentity | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''; // taken over and tidied up since it was listed
    throw error;
  });
  const [, pid, startedAt] = /^{"pid":(\d+),"startedAt":"([^"]*)"}$/.exec(text) ?? [];
  return pid === undefined || startedAt === undefined ? null : { pid: Number(pid), startedAt };
}

/** A complete file under a name of its own; linking or renaming it makes it visible in one step. */
async function writeDraft(directory: string, text: string): Promise<string> {
  const path = join(directory, `lock-${randomUUID()}.draft`);
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return path;
}

async function tryLink(existing: string, path: string): Promise<boolean> {
  try {
    await link(existing, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
