import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { removeDataDirectory } from '@tributary/app/postgres/index';

const START = fileURLToPath(new URL('../../../app/bin/start.js', import.meta.url));

export interface RunningApp extends AsyncDisposable {
  url: string;
}

/** The all-in-one process as `npm start` runs it, with the demo company, on a data directory of its own. */
export async function startDemo(settings: Record<string, string> = {}): Promise<RunningApp> {
  const parent = await mkdtemp(join(tmpdir(), 'tributary-'));
  await chmod(parent, 0o755);
  const dataDir = join(parent, 'data');
  const child = spawn(process.execPath, [START], {
    env: { PATH: '/usr/bin:/bin', DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    await exited;
    await removeDataDirectory(dataDir);
    await rm(parent, { recursive: true, force: true });
  }

  const lines = createInterface(child.stdout);
  const ready = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const url = /is ready: GraphQL (http:\/\/[^/]+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  const ended = exited.then(() => Promise.reject(new Error('The process ended before it was ready.')));
  ended.catch(() => undefined);
  try {
    return { url: await Promise.race([ready, ended]), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
