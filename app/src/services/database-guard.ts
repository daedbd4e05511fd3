import { join } from 'node:path';

import type { Handle } from '@tributary/kit/lifecycle';

import { spawnProcess } from './spawn-process.ts';

/**
 * Starts a process that ends the embedded database if this one is killed. The database itself cannot notice: it runs in a session of
 * its own, so that a signal to the process group does not end it before the last answers. `stop()` once the database has stopped.
 */
export function startDatabaseGuard(dataDir: string, settings: Readonly<Record<string, string>>): Handle {
  const main = join(import.meta.dirname, 'guard-database.ts');
  const child = spawnProcess(main, { ...settings, DATA_DIR: dataDir }, { endsWithParent: false });
  return {
    async stop() {
      child.kill('SIGTERM');
      await child.ended;
    },
  };
}
