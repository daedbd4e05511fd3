import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Logger } from '@tributary/kit/logger';

import { EmbeddedPostgresError } from './errors.ts';
import { canEnter, findOwner, makeFolderOf, readIfExists } from './ownership.ts';
import type { Account } from './run-command.ts';

// Started by root, the server runs as another user. What that user cannot reach where it is goes below one folder that everybody
// may enter and only root may write: a place per DATA_DIR, with the cluster and a record of the DATA_DIR it belongs to. A file in
// DATA_DIR names the place.

export const SHARED_ROOT = '/var/lib/tributary';

const locationFile = (dataDir: string) => join(dataDir, 'postgres-location');
const recordFile = (place: string) => join(place, 'data-dir');

/** The place that holds the cluster of a DATA_DIR, or null when the cluster is inside or does not exist yet. */
export async function findPlace(dataDir: string): Promise<string | null> {
  return (await readIfExists(locationFile(dataDir)))?.trim() ?? null;
}

/** Makes a place for a DATA_DIR and returns the folder for the cluster, which belongs to `account`. */
export async function makePlace(
  dataDir: string,
  account: Account,
  logger: Logger,
  sharedRoot: string,
): Promise<string> {
  await ensureSharedRoot(sharedRoot);
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  for (let attempt = 1; ; attempt += 1) {
    const place = join(sharedRoot, attempt === 1 ? hash : `${hash}-${attempt}`);
    if (await findOwner(join(place, 'postgres', 'cluster'))) {
      logger.warn(
        { place },
        'the database of an earlier DATA_DIR of this name is still there; remove it when it is not needed',
      );
      continue;
    }
    await mkdir(place, { recursive: true });
    await chmod(place, 0o755); // the folder is ours; a strict umask would close it to the server's user
    await writeFile(recordFile(place), `${dataDir}\n`, { mode: 0o600 });
    const home = join(place, 'postgres');
    await makeFolderOf(home, account);
    if (!(await canEnter(home, account)))
      throw new EmbeddedPostgresError(
        `The user ${account.name}, who runs PostgreSQL for root, can reach neither ${dataDir} nor ${sharedRoot}: start as another user or set DATABASE_URL.`,
      );
    await writeFile(locationFile(dataDir), `${place}\n`);
    return home;
  }
}

/** The folder with the cluster in an existing place. Refuses when the place belongs to another DATA_DIR of which this one is a copy. */
export async function openPlace(place: string, dataDir: string): Promise<{ home: string; owner: Account }> {
  const home = join(place, 'postgres');
  const owner = await findOwner(home);
  if (!owner || owner.uid === 0)
    throw new EmbeddedPostgresError(
      `${locationFile(dataDir)} names ${place}, where no database is: bring it back, or remove that file to begin with an empty database.`,
    );
  const recorded = (await readIfExists(recordFile(place)))?.trim();
  if (recorded !== dataDir) {
    if (recorded && (await findPlace(recorded)) === place)
      throw new EmbeddedPostgresError(
        `DATA_DIR ${dataDir} is a copy of ${recorded} and would share its database: set DATA_DIR to ${recorded} or to an empty directory.`,
      );
    await writeFile(recordFile(place), `${dataDir}\n`, { mode: 0o600 }); // DATA_DIR was moved
  }
  return { home, owner };
}

export async function ensureSharedRoot(sharedRoot: string): Promise<void> {
  try {
    if (await mkdir(sharedRoot, { recursive: true })) await chmod(sharedRoot, 0o755);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The folder ${sharedRoot}, for what the user who runs PostgreSQL must reach, cannot be made: set DATA_DIR to a directory open to everybody, start as another user, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  const { uid, mode } = await lstat(sharedRoot);
  if (uid !== 0 || (mode & 0o022) !== 0)
    throw new EmbeddedPostgresError(`The folder ${sharedRoot} must belong to root and be writable by root only.`);
}
