import { chown, mkdir, readFile, stat } from 'node:fs/promises';

import { runCommand } from './run-command.ts';
import type { Account } from './run-command.ts';

// Questions about who owns and who reaches a path. Reaching is tried, not computed: access lists and network file systems decide too.

export async function canEnter(directory: string, account: Account): Promise<boolean> {
  return (await runCommand('/bin/sh', ['-c', 'cd "$0"', directory], account)).ok;
}

/** A folder that `account` owns and nobody else may enter. Leaves an existing one in place. */
export async function makeFolderOf(directory: string, account: Account): Promise<void> {
  await mkdir(directory, { mode: 0o700, recursive: true });
  await chown(directory, account.uid, account.gid);
}

/** The owner of a path, or null when there is no such path. */
export async function findOwner(path: string): Promise<Account | null> {
  const found = await nullWhenMissing(stat(path));
  return found && { name: found.uid === 0 ? 'root' : `user ${found.uid}`, uid: found.uid, gid: found.gid };
}

export function readIfExists(path: string): Promise<string | null> {
  return nullWhenMissing(readFile(path, 'utf8'));
}

async function nullWhenMissing<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
