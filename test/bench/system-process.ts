import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// The product as its users start it, as a process of its own, and what the system knows about it.

const REPOSITORY = join(import.meta.dirname, '../..');
/** USER_HZ, the unit of processor time in /proc: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface SystemProcess {
  /** Base URL of the ready line. */
  url: string;
  startMs: number;
  /** Node processes by part: `all` in one process, or gateway, users, orders, billing. */
  processes(): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

/** Runs an npm script until it prints its ready line. */
export async function startSystem(
  script: 'start' | 'start:services',
  settings: Readonly<Record<string, string>>,
): Promise<SystemProcess> {
  const startedAt = performance.now();
  const child = spawn('npm', ['run', '--silent', script], {
    cwd: REPOSITORY,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  };
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^Tributary is ready: GraphQL (\S+)\/graphql/.exec(line) ?? [];
    if (url === undefined) continue;
    child.stdout.resume();
    const startMs = Math.round(performance.now() - startedAt);
    return { url, startMs, processes: () => partsOf(child.pid!), stop };
  }
  throw new Error(`"npm run ${script}" ended before it was ready.`);
}

async function partsOf(root: number): Promise<Map<string, number>> {
  const parts = new Map<string, number>();
  for (const pid of await descendantsOf(root)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const [, part] = /(?:subgraphs|services)\/(\w+)\/(?:src\/)?main\.ts/.exec(command) ?? [];
    if (part !== undefined) parts.set(part, pid);
    else if (command.includes('start.js') && !command.includes('services')) parts.set('all', pid);
  }
  return parts;
}

async function descendantsOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const found: number[] = [];
  for (const task of tasks) {
    const children = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    for (const child of children.split(' ').filter(Boolean).map(Number))
      found.push(child, ...(await descendantsOf(child)));
  }
  return [pid, ...found].filter((each, index, all) => all.indexOf(each) === index);
}

/** Processor time that a process has used, in milliseconds. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold blanks; fields 14 and 15 are user and system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** Most memory that a process ever held, in MB. */
export async function peakMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]) / 1024);
}
