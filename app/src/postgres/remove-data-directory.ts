import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { lockDataDirectory } from './data-directory-lock.ts';
import { findOwner } from './ownership.ts';
import { findServerProcesses } from './server-processes.ts';
import { findPlace, openPlace } from './shared-root.ts';

/** Removes a DATA_DIR with its database, wherever that lives, and ends a server left over on it. Refuses while a process uses it. */
export async function removeDataDirectory(dataDir: string): Promise<void> {
  await lockDataDirectory(dataDir);
  const path = await realpath(dataDir);
  const place = await findPlace(path);
  // Opening refuses a place that belongs to another DATA_DIR.
  const home = place === null ? join(path, 'postgres') : (await openPlace(place, path)).home;
  await quitServer(join(home, 'cluster'));
  if (place !== null) await rm(place, { recursive: true });
  await rm(path, { recursive: true });
}

async function quitServer(cluster: string): Promise<void> {
  if (!(await findOwner(cluster))) return;
  for (const pid of await findServerProcesses(cluster)) {
    try {
      process.kill(pid, 'SIGQUIT');
    } catch {
      // it has just ended by itself
    }
  }
  while ((await findServerProcesses(cluster)).length > 0) await sleep(20);
}
