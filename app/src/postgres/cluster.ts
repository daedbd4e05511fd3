import { randomUUID } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Binaries } from './binaries.ts';
import { binary, majorVersion } from './binaries.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { findOwner } from './ownership.ts';
import { lastLine, runCommand } from './run-command.ts';
import type { ServerHome } from './server-home.ts';

export const SUPERUSER = 'postgres';

export const clusterOf = ({ directory }: ServerHome) => join(directory, 'cluster');

export async function clusterExists(home: ServerHome): Promise<boolean> {
  return (await findOwner(clusterOf(home))) !== null;
}

/** Refuses a cluster that another major version of PostgreSQL made: its files are of another format. */
export async function assertSameVersion(home: ServerHome, binaries: Binaries): Promise<void> {
  const found = (await readFile(join(clusterOf(home), 'PG_VERSION'), 'utf8')).trim();
  if (found !== majorVersion(binaries))
    throw new EmbeddedPostgresError(
      `The database in ${home.directory} was made by PostgreSQL ${found}, and this version brings ${majorVersion(binaries)}: start the version that made it, or set DATA_DIR to an empty directory.`,
    );
}

/**
 * Makes the cluster. It is made beside its final place and renamed when it is complete, so that a crash half-way leaves nothing
 * that looks like a cluster; such leftovers are removed here.
 */
export async function initializeCluster(
  home: ServerHome,
  binaries: Binaries,
  { password, durable }: { password: string; durable: boolean },
): Promise<void> {
  for (const name of await readdir(home.directory))
    if (name.startsWith('initdb-')) await rm(join(home.directory, name), { recursive: true, force: true });

  const draft = join(home.directory, `initdb-${randomUUID()}`);
  const passwordFile = join(draft, 'password');
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
  if (home.account) for (const path of [draft, passwordFile]) await chown(path, home.account.uid, home.account.gid);

  const { ok, output } = await runCommand(
    binary(binaries, 'initdb'),
    [
      `--pgdata=${join(draft, 'cluster')}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The builtin locale is the same on every machine; one of the system's could change its order with an update and break indexes.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    home.account,
  );
  if (ok) await rename(join(draft, 'cluster'), clusterOf(home));
  await rm(draft, { recursive: true, force: true });
  if (!ok)
    throw new EmbeddedPostgresError(`PostgreSQL could not make a database in ${home.directory}: ${lastLine(output)}`);
  if (durable) await syncDirectory(home.directory);
}

// A rename survives a power failure only after its directory was written.
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
