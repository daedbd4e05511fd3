import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Logger } from '@tributary/kit/logger';

import { ensureServerAccount } from './account.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { canEnter, findOwner, makeFolderOf } from './ownership.ts';
import type { Account } from './run-command.ts';
import { findPlace, makePlace, openPlace } from './shared-root.ts';

// Decides where the cluster lives and who runs the server. Usually that is DATA_DIR/postgres and ourselves. For root it is another
// user, and below a folder of mode 0700 (/root, mktemp -d) that user reaches nothing: then it is a place below the shared root.
// Somebody else's folder is never opened up for it.

export interface ServerHome {
  /** Folder that belongs to the server's user and holds the cluster and its log. */
  directory: string;
  /** Who runs the server; undefined: the user of this process. */
  account: Account | undefined;
}

/** PostgreSQL's own tools hand paths to a shell within double quotes; these characters would not survive that. */
export const isSafePath = (path: string) => !/["$`\\\n]/.test(path);

/** `dataDir` is absolute, without symbolic links, and locked by the caller. */
export async function prepareServerHome(dataDir: string, logger: Logger, sharedRoot: string): Promise<ServerHome> {
  return process.getuid?.() === 0 ? homeForRoot(dataDir, logger, sharedRoot) : homeForUser(dataDir);
}

async function homeForUser(dataDir: string): Promise<ServerHome> {
  const directory = join(dataDir, 'postgres');
  if (!isSafePath(directory))
    throw new EmbeddedPostgresError(
      `PostgreSQL cannot work in ${directory}: a path with one of " $ \` \\ in it breaks its tools. Set DATA_DIR to another directory.`,
    );
  const place = await findPlace(dataDir);
  if (place === null) await mkdir(directory, { mode: 0o700, recursive: true });
  const owner = await findOwner(place ?? directory);
  if (place !== null || owner?.uid !== process.getuid?.())
    throw new EmbeddedPostgresError(
      `The database in ${place ?? directory} was made by another user (root, or ${owner?.name ?? 'somebody'}): start as that user, or set DATA_DIR to another directory.`,
    );
  return { directory, account: undefined };
}

async function homeForRoot(dataDir: string, logger: Logger, sharedRoot: string): Promise<ServerHome> {
  const place = await findPlace(dataDir);
  if (place !== null) {
    const { home, owner } = await openPlace(place, dataDir);
    return { directory: home, account: owner };
  }
  const inside = join(dataDir, 'postgres');
  const owner = await findOwner(inside);
  if (owner && owner.uid !== 0) {
    if (await canEnter(inside, owner)) return { directory: inside, account: owner };
    throw new EmbeddedPostgresError(
      `The database in ${inside} belongs to ${owner.name}, who can no longer reach it: move DATA_DIR back to where it was, or to a path open to that user.`,
    );
  }
  const account = await ensureServerAccount();
  await makeFolderOf(inside, account);
  if (isSafePath(inside) && (await canEnter(inside, account))) return { directory: inside, account };
  await rmdir(inside);
  return { directory: await makePlace(dataDir, account, logger, sharedRoot), account };
}
