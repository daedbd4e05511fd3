import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { MINUTE, SECOND } from '@tributary/kit/clock';

import type { ServiceProcess } from './processes.ts';

export interface Child {
  pid: number | undefined;
  /** How it ended, in words: `exit code 1`, `signal SIGKILL`. */
  ended: Promise<string>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

const ROOT = join(import.meta.dirname, '..', '..', '..');
const END_WITH_PARENT = pathToFileURL(join(import.meta.dirname, 'end-with-parent.ts')).href;
const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'tributary');

/**
 * Starts a module as a process with these variables and no others. It gets a session of its own, so that Ctrl-C reaches the
 * supervisor alone, and writes its log where the supervisor does; a line is one write, so lines do not mix.
 */
export function spawnProcess(
  main: string,
  environment: Readonly<Record<string, string>>,
  { endsWithParent = true }: { endsWithParent?: boolean } = {},
): Child {
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=16', ...(endsWithParent ? [`--import=${END_WITH_PARENT}`] : []), main],
    {
      cwd: ROOT,
      detached: true,
      env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const failed = once(child, 'error').then(
    ([error]) => `the error ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`,
  );
  const exited = once(child, 'exit').then(([code, signal]) =>
    signal === null ? `exit code ${code as number}` : `signal ${signal as string}`,
  );
  exited.catch(() => undefined); // rejects together with an error event, which the other one tells
  return { pid: child.pid, ended: Promise.race([failed, exited]), kill: (signal) => void child.kill(signal) };
}

const START_TIMEOUT_MS = 1 * MINUTE;
const POLL_MS = 50;
const ANSWER_TIMEOUT_MS = 5 * SECOND;

/** True when the process says that it is ready; false when it ends before, takes too long, or the signal fires. */
export async function becomesReady(
  { url }: Pick<ServiceProcess, 'url'>,
  child: Child,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let ended = false;
  void child.ended.then(() => (ended = true));
  while (!ended && !signal.aborted && Date.now() < deadline) {
    if (await answersReady(url)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
