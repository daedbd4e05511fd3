import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { cpuMs } from '../system-process.ts';
import type { Mode } from './options.ts';
import { LOAD_CORE, pinned } from './processes.ts';
import { costOf, steadyPart } from './statistics.ts';
import type { Mark, Round } from './statistics.ts';

// One load on one gateway, by wrk.

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

interface WrkSummary {
  requests: number;
  durationMs: number;
  p50Ms: number;
  p99Ms: number;
  failures: number;
}

/** Not counted at either end of a load, while its connections are made or cut. */
const EDGE_MS = 500;
const REQUESTS_PER_MARK = 10;

/** Throws when a request fails, or when there were too few of them. */
export async function runLoad(load: Load): Promise<Round> {
  const { url, mode, seconds, connections, bodyFile } = load;
  const script = join(import.meta.dirname, 'wrk.lua');
  const [command, ...rest] = pinned(LOAD_CORE, [
    ...['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url],
    ...['--', mode, bodyFile, String(REQUESTS_PER_MARK)],
  ]);
  const startedAt = performance.now();
  const wrk = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(wrk, 'exit');
  const marks: Mark[] = [];
  let summary: WrkSummary | undefined;
  for await (const line of createInterface(wrk.stdout)) {
    if (line.startsWith('mark ')) marks.push(await takeMark(Number(line.slice('mark '.length)), startedAt, load));
    else if (line.startsWith('{')) summary = JSON.parse(line) as WrkSummary;
  }
  await exited;
  if (!summary) throw new Error('wrk said nothing about its load.');
  if (summary.failures > 0) throw new Error(`${summary.failures} of ${summary.requests} requests failed.`);
  const { p50Ms, p99Ms } = summary;
  return {
    rps: (summary.requests * 1_000) / summary.durationMs,
    p50Ms,
    p99Ms,
    ...costOf(steadyPart(marks, { fromMs: EDGE_MS, toMs: seconds * 1_000 })),
  };
}

async function takeMark(requests: number, startedAt: number, { gatewayPid, subgraphsPid }: Load): Promise<Mark> {
  const atMs = performance.now() - startedAt;
  return { atMs, requests, cpuMs: await cpuMs(gatewayPid), subgraphsCpuMs: await cpuMs(subgraphsPid) };
}
