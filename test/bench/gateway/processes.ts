import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

// Processes of the benchmark, each on the core it belongs to: the gateway under test has one for itself, everything else the other.

export const GATEWAY_CORE = 0;
export const LOAD_CORE = 1;

const MAX_CHUNKS = 1_000; // of output that is kept in case the start fails

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

const ENVIRONMENT = { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' };

/** Runs a file of this folder; it says `{kind: 'ready', url}` over its channel. What it logs is thrown away. */
export async function startProcess(
  core: number,
  file: string,
  { args = [], nodeArgs = [] }: { args?: readonly string[]; nodeArgs?: readonly string[] } = {},
): Promise<BenchProcess> {
  const [command, ...rest] = pinned(core, [process.execPath, ...nodeArgs, file, ...args]);
  const child = spawn(command!, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: ENVIRONMENT });
  const { url } = await nextMessage<{ url: string }>(child);
  return benchProcess(child, url);
}

/** Runs a command that is ready once it prints a line. What it prints besides is read and thrown away. */
export async function startCommand(
  core: number,
  commandLine: readonly string[],
  { url, readyLine, directory }: { url: string; readyLine: string; directory: string },
): Promise<BenchProcess> {
  const [command, ...rest] = pinned(core, commandLine);
  const child = spawn(command!, rest, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT });
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const printed: string[] = [];
  const read = (chunk: Buffer) => {
    if (printed.length < MAX_CHUNKS) printed.push(chunk.toString());
    if (printed.join('').includes(readyLine)) resolve(undefined);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  child.once('exit', () => reject(new Error(`${child.spawnargs.join(' ')} ended:\n${printed.join('')}`)));
  await promise;
  for (const output of [child.stdout, child.stderr]) output.off('data', read).resume();
  return benchProcess(child, url);
}

function benchProcess(child: ChildProcess, url: string): BenchProcess {
  return {
    pid: child.pid!, // taskset becomes the process that it starts
    url,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
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
