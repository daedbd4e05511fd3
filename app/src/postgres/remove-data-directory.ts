import { realpath, rm } from 'node:fs/promises';

import { lockDataDirectory } from './data-directory-lock.ts';
import { findPlace, openPlace } from './shared-root.ts';

/** Removes a DATA_DIR with its database, wherever that lives. Refuses while a process uses it. */
export async function removeDataDirectory(dataDir: string): Promise<void> {
  await lockDataDirectory(dataDir);
  const path = await realpath(dataDir);
  const place = await findPlace(path);
  if (place !== null) {
    await openPlace(place, path); // refuses a place that belongs to another DATA_DIR
    await rm(place, { recursive: true });
  }
  await rm(path, { recursive: true });
}
