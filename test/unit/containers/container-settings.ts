import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';

import { ROOT } from './compose-file.ts';

export const SETTINGS_COMMAND = join(ROOT, 'app/src/commands/container-settings.ts');

/** What `npm run container-settings` writes. Node reads such a file as Compose does, values in single quotes included. */
export async function containerSettings(profile: 'demo' | 'production'): Promise<Record<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-settings-'));
  try {
    const file = join(directory, '.env');
    await promisify(execFile)(process.execPath, [SETTINGS_COMMAND, profile, file]);
    return parseEnv(await readFile(file, 'utf8')) as Record<string, string>;
  } finally {
    await rm(directory, { recursive: true });
  }
}
