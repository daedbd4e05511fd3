import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { onTestFinished } from 'vitest';

import { removeDataDirectory } from '@tributary/app/postgres/index';

/**
 * A path for a DATA_DIR that does not exist yet, removed when the test ends. Its parent is open to everybody, as the parent of a
 * clone in /srv is, unless the mode says otherwise.
 */
export async function newDataDir({ mode = 0o755 }: { mode?: number } = {}): Promise<string> {
  const dataDir = await makeDataDirPath(mode);
  onTestFinished(async () => {
    await removeDataDirectory(dataDir); // ends a server that a test left running
    await rm(dirname(dataDir), { recursive: true });
  });
  return dataDir;
}

/** The same for a whole test file; the caller removes it. */
export async function makeDataDirPath(mode = 0o755): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'tributary-'));
  await chmod(parent, mode);
  return join(parent, 'data');
}

/** Every file below a folder with its size, mode and time of change: equal before and after when nobody touched anything. */
export async function snapshot(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true });
  const facts = entries.map(async (entry) => {
    const { size, mode, mtimeMs } = await stat(join(directory, entry));
    return [entry, `${size} ${mode.toString(8)} ${mtimeMs}`] as const;
  });
  return Object.fromEntries(await Promise.all(facts));
}
