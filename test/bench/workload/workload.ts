import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { removeDataDirectory, startEmbeddedPostgres } from '@tributary/app/postgres/index';
import { createLogger } from '@tributary/kit/logger';

import type { BenchmarkOptions } from '../run.ts';
import { cpuMs, peakMb, startSystem } from '../system-process.ts';
import type { SystemProcess } from '../system-process.ts';
import type { LoadReport, LoadRequest } from './load.ts';

// The mix of the workload on both transports: everything in one process, and a process each over HTTP. Both run on the same database
// and take turns, so that whatever else the machine does meets both alike.

type Transport = 'in-process' | 'http';

interface Round {
  report: LoadReport;
  /** Milliseconds of processor time by part. */
  cpu: Map<string, number>;
}

export interface WorkloadResult {
  transport: Transport;
  requests: number;
  rps: number;
  p50Ms: number;
  p99Ms: number;
  /** Milliseconds of processor time per request, the gateway's apart from the subgraphs' where they are apart. */
  cpuPerRequestMs: Record<string, number>;
  peakMb: Record<string, number>;
  mix: Record<string, number>;
  latencies: Record<string, { count: number; p50Ms: number; p99Ms: number }>;
}

const SIZES = ['demo', 'medium', 'large'] as const;

export async function benchmarkWorkload({ json, rest }: BenchmarkOptions): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...rest],
    options: { seconds: text, connections: text, rounds: text, seed: text },
  });
  const { seconds = '10', connections = '16', rounds = '3', seed = 'medium' } = values;
  if (!SIZES.some((size) => size === seed)) throw new Error(`--seed must be one of ${SIZES.join(', ')}.`);
  const results = await measureBoth(seed, Number(rounds), {
    connections: Number(connections),
    seconds: Number(seconds),
  });
  if (json) console.log(JSON.stringify(results));
  else print(results);
}

async function measureBoth(
  seed: string,
  rounds: number,
  load: Pick<LoadRequest, 'connections' | 'seconds'>,
): Promise<WorkloadResult[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
  const logger = createLogger({ level: 'error', name: 'bench' });
  const generator = fork(join(import.meta.dirname, 'load.ts'), { execArgv: [] });
  const running: { stop(): Promise<void> }[] = [];
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), logger });
    running.push(postgres);
    const settings = {
      DATABASE_URL: postgres.adminUrl,
      DATA_DIR: join(dataDir, 'secrets'), // the same passwords for both
      SEED: seed,
      LOG_LEVEL: 'error',
      PORT: '0',
      USERS_PORT: '0',
      ORDERS_PORT: '0',
      BILLING_PORT: '0',
      PAYMENT_PROVIDER_PORT: '0',
    };
    const systems: [Transport, SystemProcess][] = [];
    for (const [transport, script] of [
      ['in-process', 'start'],
      ['http', 'start:services'],
    ] as const) {
      const system = await startSystem(script, settings);
      running.push(system);
      systems.push([transport, system]);
      await ask(generator, { kind: 'prepare', url: system.url, ...load });
    }
    const measured = new Map<Transport, Round[]>(systems.map(([transport]) => [transport, []]));
    for (let round = 0; round < rounds; round += 1)
      for (const [transport, system] of systems) measured.get(transport)!.push(await runRound(generator, system, load));
    const results: WorkloadResult[] = [];
    for (const [transport, system] of systems)
      results.push(await summarize(transport, system, measured.get(transport)!));
    return results;
  } finally {
    generator.kill();
    for (const each of running.reverse()) await each.stop();
    await removeDataDirectory(join(dataDir, 'postgres'));
  }
}

async function runRound(
  generator: ChildProcess,
  system: SystemProcess,
  load: Pick<LoadRequest, 'connections' | 'seconds'>,
): Promise<Round> {
  const processes = await system.processes();
  const before = await cpuOf(processes);
  const report = await ask(generator, { kind: 'run', url: system.url, ...load });
  const after = await cpuOf(processes);
  if (report.failures.length > 0) throw new Error(`Requests failed: ${report.failures.join('; ')}`);
  return { report, cpu: new Map([...after].map(([part, ms]) => [part, ms - before.get(part)!])) };
}

async function cpuOf(processes: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const [part, pid] of processes) times.set(part, await cpuMs(pid));
  return times;
}

async function ask(generator: ChildProcess, request: LoadRequest): Promise<LoadReport> {
  generator.send(request);
  const [answer] = (await Promise.race([
    once(generator, 'message'),
    once(generator, 'exit').then(() => Promise.reject(new Error('The load generator ended.'))),
  ])) as [LoadReport];
  return answer;
}

async function summarize(
  transport: Transport,
  system: SystemProcess,
  rounds: readonly Round[],
): Promise<WorkloadResult> {
  const requests = sum(rounds.map(({ report }) => report.requests));
  const byOperation = new Map<string, number[]>();
  for (const { report } of rounds)
    for (const [name, taken] of Object.entries(report.latencies))
      byOperation.set(name, [...(byOperation.get(name) ?? []), ...taken]);
  const all = [...byOperation.values()].flat();
  const processes = await system.processes();
  const peaks: [string, number][] = [];
  for (const [part, pid] of processes) peaks.push([part, await peakMb(pid)]);
  return {
    transport,
    requests,
    rps: Math.round(requests / sum(rounds.map(({ report }) => report.seconds))),
    p50Ms: percentile(all, 0.5),
    p99Ms: percentile(all, 0.99),
    cpuPerRequestMs: Object.fromEntries(
      [...processes.keys()].map((part) => [part, round(sum(rounds.map(({ cpu }) => cpu.get(part) ?? 0)) / requests)]),
    ),
    peakMb: Object.fromEntries(peaks),
    mix: rounds[0]!.report.mix,
    latencies: Object.fromEntries(
      [...byOperation].map(([name, taken]) => [
        name,
        { count: taken.length, p50Ms: percentile(taken, 0.5), p99Ms: percentile(taken, 0.99) },
      ]),
    ),
  };
}

function print(results: readonly WorkloadResult[]): void {
  console.log('Mix, in parts of a hundred:', results[0]!.mix);
  for (const { transport, cpuPerRequestMs, peakMb: peak, latencies, mix: _, ...totals } of results) {
    console.log(`\n${transport}`, totals);
    console.log('Processor time per request, ms:', cpuPerRequestMs);
    console.log('Peak memory, MB:', peak);
    console.table(latencies);
  }
}

const sum = (values: readonly number[]) => values.reduce((left, right) => left + right, 0);
const round = (value: number) => Math.round(value * 100) / 100;

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}
