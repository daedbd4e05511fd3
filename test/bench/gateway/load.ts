import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { cpuMs } from '../system-process.ts';
import type { Mode } from './options.ts';
import { find, LOAD_CORE, pinned } from './processes.ts';
import { costOf, steadyPart } from './statistics.ts';
import type { Mark, Round } from './statistics.ts';

// One load on one gateway. The generator says how far it is while it works, and what it saw at its end.

export interface Load {
  url: string;
  mode: Mode;
  seconds: number;
  connections: number;
  /** The file with the request's body. */
  bodyFile: string;
  /** Processes whose time is taken meanwhile. */
  gatewayPid: number;
  subgraphsPid: number;
}

export interface LoadSummary {
  requests: number;
  durationMs: number;
  p50Ms: number;
  p99Ms: number;
  failures: number;
}

/** Not counted at either end of a load, while its connections are made or cut. */
const EDGE_MS = 500;
const MAX_SECONDS = 60;
/** So that marks come at the same places of each wave of requests. */
const MARKS_PER_WAVE = 5;

/** Whether wrk makes the load; otherwise a process of our own does. */
export const hasWrk = find('wrk');

/** On a busy machine the load takes longer than asked for, until it shows what a request costs. Throws when a request fails. */
export async function measureLoad(load: Load): Promise<Round> {
  const { marks, summary } = await runLoad(load);
  const { seconds, connections } = load;
  const steady = steadyPart(marks, { fromMs: EDGE_MS, toMs: seconds * 1_000, connections });
  if (!steady) {
    if (seconds > MAX_SECONDS)
      throw new Error(`Too few requests were answered in ${seconds} s to tell what one costs.`);
    return measureLoad({ ...load, seconds: seconds * 2 });
  }
  const { p50Ms, p99Ms } = summary;
  return { rps: (summary.requests * 1_000) / summary.durationMs, p50Ms, p99Ms, ...costOf(steady) };
}

/** Throws when a request fails. */
export async function runLoad(load: Load): Promise<{ marks: readonly Mark[]; summary: LoadSummary }> {
  const [command, ...rest] = pinned(LOAD_CORE, commandLine(load));
  const startedAt = performance.now();
  const generator = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(generator, 'exit');
  const marks: Mark[] = [];
  let summary: LoadSummary | undefined;
  for await (const line of createInterface(generator.stdout)) {
    if (line.startsWith('mark ')) marks.push(await takeMark(Number(line.slice('mark '.length)), startedAt, load));
    else if (line.startsWith('{')) summary = JSON.parse(line) as LoadSummary;
  }
  await exited;
  if (!summary) throw new Error('The load generator said nothing about its load.');
  if (summary.failures > 0) throw new Error(`${summary.failures} of ${summary.requests} requests failed.`);
  return { marks, summary };
}

function commandLine({ url, mode, seconds, connections, bodyFile }: Load): readonly string[] {
  const every = connections % MARKS_PER_WAVE === 0 ? connections / MARKS_PER_WAVE : connections;
  const about = [mode, bodyFile, String(every)];
  const file = (name: string) => join(import.meta.dirname, name);
  if (!hasWrk) return [process.execPath, file('load-process.ts'), ...about, url, String(connections), String(seconds)];
  const shape = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s'];
  return ['wrk', ...shape, '-s', file('wrk.lua'), url, '--', ...about];
}

async function takeMark(requests: number, startedAt: number, { gatewayPid, subgraphsPid }: Load): Promise<Mark> {
  const atMs = performance.now() - startedAt;
  return { atMs, requests, cpuMs: await cpuMs(gatewayPid), subgraphsCpuMs: await cpuMs(subgraphsPid) };
}
