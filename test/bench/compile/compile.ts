import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { median } from '../gateway/statistics.ts';
import type { BenchmarkOptions } from '../run.ts';
import type { ExecutorName, Times, Warm } from './measure.ts';
import { benchOperations } from './operations.ts';
import { parseCompileBenchOptions } from './options.ts';

// What an operation costs before it runs for the first time, by our engine and by Apollo's executor behind the same seam: planned and compiled
// as the first of a fresh process, and once everything is hot; and the memory that keeping it takes.

export interface CompileBenchResult {
  loadBefore: readonly number[];
  loadAfter: readonly number[];
  results: readonly { operation: string; executor: ExecutorName; cold: Times; warm: Times; keptKb: number }[];
}

const EXECUTORS: readonly ExecutorName[] = ['ours', 'stock'];
const run = promisify(execFile);

export async function benchmarkCompile({ json, rest }: BenchmarkOptions): Promise<void> {
  const { runs, kept } = parseCompileBenchOptions(rest);
  const loadBefore = loadavg();
  const warm = new Map<ExecutorName, Warm>();
  for (const executor of EXECUTORS) warm.set(executor, await measure<Warm>('warm', executor, String(kept)));
  const results: CompileBenchResult['results'][number][] = [];
  for (const { name: operation } of benchOperations()) {
    const cold = new Map<ExecutorName, Times[]>(EXECUTORS.map((executor) => [executor, []]));
    for (let count = 0; count < runs; count += 1)
      // in turns, so that the machine's other work meets both alike
      for (const executor of EXECUTORS) cold.get(executor)!.push(await measure<Times>('cold', executor, operation));
    for (const executor of EXECUTORS) {
      const { keptKb, ...warmTimes } = warm.get(executor)![operation]!;
      results.push({ operation, executor, cold: medians(cold.get(executor)!), warm: warmTimes, keptKb });
    }
  }
  const result: CompileBenchResult = { loadBefore, loadAfter: loadavg(), results };
  if (json) console.log(JSON.stringify(result));
  else print(result);
}

async function measure<Found>(kind: 'cold' | 'warm', executor: ExecutorName, argument: string): Promise<Found> {
  const file = join(import.meta.dirname, 'measure.ts');
  const { stdout } = await run(process.execPath, ['--expose-gc', file, kind, executor, argument]);
  return JSON.parse(stdout) as Found;
}

function medians(times: readonly Times[]): Times {
  const middle = (figure: keyof Times) => median(times.map((each) => each[figure]));
  return { planMs: middle('planMs'), compileMs: middle('compileMs'), firstRunMs: middle('firstRunMs') };
}

function print({ loadBefore, loadAfter, results }: CompileBenchResult): void {
  const rounded = (value: number) => Number(value.toFixed(2));
  console.log('Milliseconds of processor time: cold as the first operation of a process, warm once the code is hot.');
  console.table(
    results.map(({ operation, executor, cold, warm, keptKb }) => ({
      operation,
      executor,
      'plan cold': rounded(cold.planMs),
      'compile cold': rounded(cold.compileMs),
      'first run cold': rounded(cold.firstRunMs),
      'plan warm': rounded(warm.planMs),
      'compile warm': rounded(warm.compileMs),
      'first run warm': rounded(warm.firstRunMs),
      'kept KB': Math.round(keptKb),
    })),
  );
  const load = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(' ');
  console.log(`Load of the machine: ${load(loadBefore)} before, ${load(loadAfter)} after.`);
}
