import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

const START = fileURLToPath(new URL('../../../app/bin/start.js', import.meta.url));

export interface AppProcess {
  child: ChildProcess;
  stdout: string[];
  stderr: string[];
  /** Exit code, when the process has ended. */
  exited: Promise<number | null>;
}

/**
 * Starts the all-in-one process as `npm start` does, or with the argument "services" what `npm run start:services` starts: in a
 * process group of its own and with these settings only.
 */
export function startApp(settings: Record<string, string>, args: readonly string[] = []): AppProcess {
  const child = spawn(process.execPath, [START, ...args], {
    detached: true,
    env: { PATH: '/usr/bin:/bin', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: string[] = [];
  const stderr: string[] = [];
  createInterface(child.stdout).on('line', (line) => stdout.push(line));
  createInterface(child.stderr).on('line', (line) => stderr.push(line));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { child, stdout, stderr, exited };
}

/** Lines of standard output that are no log. */
export function plainLines({ stdout }: AppProcess): string[] {
  return stdout.filter((line) => !line.startsWith('{'));
}

/** Waits for a line of standard output; fails when the process ends before it came. */
export async function lineOf({ child, stdout, stderr, exited }: AppProcess, pattern: RegExp): Promise<string> {
  const ended = exited.then((code) => Promise.reject(new Error(`exit ${code}: ${stderr.join('\n')}`)));
  ended.catch(() => undefined);
  for (;;) {
    const line = stdout.find((each) => pattern.test(each));
    if (line !== undefined) return line;
    await Promise.race([once(child.stdout!, 'data'), ended]);
    await new Promise(setImmediate); // the lines are cut after the data came
  }
}

/** URL of the embedded database's superuser, put together from what the process logged and kept. */
export async function adminUrlOf(app: AppProcess, dataDir: string): Promise<string> {
  const { port } = JSON.parse(await lineOf(app, /"PostgreSQL runs"/)) as { port: number };
  const password = (await readFile(join(dataDir, 'secrets', 'postgres-password'), 'utf8')).trim();
  return `postgres://postgres:${password}@127.0.0.1:${port}/tributary`;
}
