import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

// Processes of the benchmark, each on the core it belongs to: the gateway under test has one for itself, everything else the other.

export const GATEWAY_CORE = 0;
export const LOAD_CORE = 1;

export interface BenchProcess {
  pid: number;
  url: string;
  child: ChildProcess;
  stop(): Promise<void>;
}

export const canPin = find('taskset');

export function find(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The command line that runs another one on a core; as it is where nothing can be pinned. */
export function pinned(core: number, command: readonly string[]): readonly string[] {
  return canPin ? ['taskset', '-c', String(core), ...command] : command;
}

/** Moves this process to the core of the load. */
export function pinSelf(): void {
  if (canPin) execFileSync('taskset', ['-a', '-c', '-p', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' });
}

/** Runs a file of this folder; it says `{kind: 'ready', url}` over its channel. What it logs is thrown away. */
export async function startProcess(
  core: number,
  file: string,
  { args = [], nodeArgs = [] }: { args?: readonly string[]; nodeArgs?: readonly string[] } = {},
): Promise<BenchProcess> {
  const [command, ...rest] = pinned(core, [process.execPath, ...nodeArgs, file, ...args]);
  const child = spawn(command!, rest, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const { url } = await nextMessage<{ url: string }>(child);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  };
  return { pid: child.pid!, url, child, stop };
}

/** Rejects when the process ends first. */
export async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const ended = new AbortController();
  try {
    const [message] = (await Promise.race([
      once(child, 'message', { signal: ended.signal }),
      once(child, 'exit', { signal: ended.signal }).then(() =>
        Promise.reject(new Error(`A process ended before it was ready: ${child.spawnargs.join(' ')}`)),
      ),
    ])) as [Message];
    return message;
  } finally {
    ended.abort();
  }
}
