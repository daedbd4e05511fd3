import { randomUUID } from 'node:crypto';
import { chmod, cp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Binaries } from './binaries.ts';
import { binary } from './binaries.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { lastLine, runCommand } from './run-command.ts';
import type { Account, CommandResult } from './run-command.ts';
import { isSafePath } from './server-home.ts';
import { ensureSharedRoot } from './shared-root.ts';

/**
 * The binaries if the server's user can run them where they are installed, else a copy below the shared root: made once per version,
 * owned by root, so that the server cannot change its own program.
 */
export async function makeBinariesReachable(
  installed: Binaries,
  account: Account | undefined,
  sharedRoot: string,
): Promise<Binaries> {
  const trial = await tryBinaries(installed, account);
  if (trial.ok && isSafePath(installed.directory)) return installed;
  if (!account)
    throw new EmbeddedPostgresError(
      trial.ok
        ? `PostgreSQL cannot run from ${installed.directory}: a path with one of " $ \` \\ in it breaks its tools. Move this folder or set DATABASE_URL.`
        : `The embedded PostgreSQL does not run on this machine (${lastLine(trial.output)}): set DATABASE_URL to a PostgreSQL 15 or later.`,
    );

  await ensureSharedRoot(sharedRoot);
  const copy: Binaries = { ...installed, directory: join(sharedRoot, `postgresql-${installed.version}`) };
  if (!(await tryBinaries(copy, account)).ok) await copyBinaries(installed, copy);
  const result = await tryBinaries(copy, account);
  if (result.ok) return copy;
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL does not run as ${account.name} (${lastLine(result.output)}): start as another user or set DATABASE_URL.`,
  );
}

function tryBinaries(binaries: Binaries, account: Account | undefined): Promise<CommandResult> {
  const catalog = join(binaries.directory, 'share', 'postgresql', 'postgres.bki');
  return runCommand(
    '/bin/sh',
    ['-c', '"$0" --version && test -r "$1"', binary(binaries, 'postgres'), catalog],
    account,
  );
}

async function copyBinaries(from: Binaries, to: Binaries): Promise<void> {
  const draft = `${to.directory}-${randomUUID()}.draft`;
  try {
    await cp(from.directory, draft, { recursive: true, verbatimSymlinks: true });
    await openToEverybody(draft);
    await rename(draft, to.directory);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EEXIST' && code !== 'ENOTEMPTY') throw error; // else another process has just made the same copy
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

// npm gives files the modes that the umask of its user leaves; with 077 nobody else could read the copy.
async function openToEverybody(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToEverybody(path);
    else if (entry.isFile()) await chmod(path, 0o755);
  }
}
