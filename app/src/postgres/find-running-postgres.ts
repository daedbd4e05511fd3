import { realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { findSecret } from '../secrets/secret-file.ts';
import { SUPERUSER } from './cluster.ts';
import { readIfExists } from './ownership.ts';
import { findPlace } from './shared-root.ts';

const PORT_LINE = 3; // of postmaster.pid, counted from 0

/**
 * The administrator's URL of the embedded server that another process runs on this folder, for commands that work beside it; null when
 * none runs there.
 */
export async function findRunningPostgres(options: {
  dataDir: string;
  database?: string;
}): Promise<{ adminUrl: string } | null> {
  const dataDir = await realpath(options.dataDir).catch(() => null);
  if (dataDir === null) return null;
  const place = (await findPlace(dataDir)) ?? dataDir;
  const password = await findSecret(join(dataDir, 'secrets', 'postgres-password'));
  const lines = (await readIfExists(join(place, 'postgres', 'cluster', 'postmaster.pid')))?.split('\n');
  const port = Number(lines?.[PORT_LINE]);
  if (password === null || !(port > 0)) return null;
  return { adminUrl: `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${options.database ?? 'tributary'}` };
}
