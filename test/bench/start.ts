import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { removeDataDirectory } from '@tributary/app/postgres/index';

import type { BenchmarkOptions } from './run.ts';
import { createWorkloadClient } from './workload-client.ts';

// How long `npm start` takes from an empty data directory and from an existing one, and how much memory its process holds, PostgreSQL
// left out, after the workload was asked many times.

const ROUNDS = 60;
const REPOSITORY = join(import.meta.dirname, '../..');

interface Measured {
  start: 'empty data directory' | 'existing data directory';
  readyMs: number;
  /** Resident memory when ready, and after the workload; null where /proc does not tell. */
  readyKb: number | null;
  afterWorkloadKb: number | null;
}

export async function benchmarkStart({ json }: BenchmarkOptions): Promise<void> {
  const dataDir = join(await mkdtemp(join(tmpdir(), 'tributary-bench-')), 'data');
  const results: Measured[] = [];
  try {
    for (const start of ['empty data directory', 'existing data directory'] as const)
      results.push(await measure(start, dataDir));
  } finally {
    await removeDataDirectory(dataDir);
  }
  if (json) console.log(JSON.stringify(results));
  else console.table(results);
}

async function measure(start: Measured['start'], dataDir: string): Promise<Measured> {
  const startedAt = performance.now();
  const environment = { ...process.env, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' };
  const child = spawn('npm', ['start'], { cwd: REPOSITORY, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await untilReady(child);
    const readyMs = Math.round(performance.now() - startedAt);
    const pid = await childOf(child.pid!);
    const readyKb = await residentKb(pid);
    const client = await createWorkloadClient(url);
    for (let round = 0; round < ROUNDS; round += 1) await client.round();
    return { start, readyMs, readyKb, afterWorkloadKb: await residentKb(pid) };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

/** Resolves with the base URL of the ready line. */
async function untilReady(child: ChildProcess): Promise<string> {
  for await (const line of createInterface(child.stdout!)) {
    const [, url] = /^Tributary is ready: GraphQL (\S+)\/graphql/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('The process ended before it was ready.');
}

/** The process that npm runs: its shell replaces itself with it. */
async function childOf(pid: number): Promise<number | null> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return Number(children.trim().split(' ')[0]) || null;
}

async function residentKb(pid: number | null): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) || null;
}
