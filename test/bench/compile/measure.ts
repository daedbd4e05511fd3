import { parse } from 'graphql';

import { createEngine, createStockExecutor, loadSupergraph } from '@tributary/gateway';
import type { PreparedOperation, SubgraphTransport } from '@tributary/gateway';
import { MINUTE, systemClock } from '@tributary/kit/clock';

import { median } from '../gateway/statistics.ts';
import { benchOperations, GRAPHS, planAsGateway, sdlOf, variantOf } from './operations.ts';
import type { BenchOperation, Graph } from './operations.ts';

// A process of its own that measures one executor and prints what it found as JSON: `cold <executor> <operation>` takes the first operation
// that the process plans, `warm <executor> <kept>` every operation once the code is hot, and what keeping one takes.

export const EXECUTORS = ['ours', 'stock'] as const;
export type ExecutorName = (typeof EXECUTORS)[number];

/** Milliseconds of processor time from a parsed document to a plan, from that to what is kept, and for the first run of that without the subgraphs. */
export interface Times {
  planMs: number;
  compileMs: number;
  firstRunMs: number;
}

export type Warm = Record<string, Times & { keptKb: number }>;

const WARM_UP_ROUNDS = 60;
const BATCHES = 5;
const BATCH = 30;
const SWITCH_MS = 0.05;

/** Answers nothing at once, so that a run is the executor's own work. */
const silent = (name: string): SubgraphTransport => ({
  name,
  execute: async () => ({ data: null, errors: [] }),
  subscribe: async () => ({ data: null, errors: [] }),
  isReady: async () => true,
  stop: async () => undefined,
});

function createBench(executorName: ExecutorName, graph: Graph) {
  const supergraph = loadSupergraph(sdlOf(graph));
  const transports = new Map(supergraph.subgraphs.map(({ name }) => [name, silent(name)]));
  const executor = { ours: createEngine, stock: createStockExecutor }[executorName]({ supergraph, transports });
  /** Takes each of the texts from one stage to the next together with the others, and tells what one took on average. */
  return async function take(
    texts: readonly string[],
  ): Promise<{ times: Times; prepared: readonly PreparedOperation[] }> {
    const parsed = texts.map((text) => parse(text));
    const startedAt = cpuMs();
    const planned = parsed.map((document) => planAsGateway(supergraph, document));
    const plannedAt = cpuMs();
    const prepared = planned.map((each) => executor.prepare(each));
    const compiledAt = cpuMs();
    const call = { principal: null, requestId: 'bench', deadline: systemClock.now().getTime() + MINUTE };
    for (const each of prepared) await each.execute({ variables: {}, call });
    const ranAt = cpuMs();
    const each = (ms: number) => ms / texts.length;
    return {
      times: {
        planMs: each(plannedAt - startedAt),
        compileMs: each(compiledAt - plannedAt),
        firstRunMs: each(ranAt - compiledAt),
      },
      prepared,
    };
  };
}

type Take = ReturnType<typeof createBench>;

async function measureCold(executor: ExecutorName, operationName: string): Promise<Times> {
  const operation = benchOperations().find(({ name }) => name === operationName);
  if (!operation) throw new Error(`There is no operation "${operationName}".`);
  return (await createBench(executor, operation.graph)([operation.text])).times;
}

async function measureWarm(executor: ExecutorName, kept: number): Promise<Warm> {
  const operations = benchOperations();
  const measured: Warm = {};
  for (const graph of GRAPHS) {
    const take = createBench(executor, graph);
    const own = operations.filter((operation) => operation.graph === graph);
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) for (const { text } of own) await take([text]);
    for (const operation of own)
      measured[operation.name] = { ...(await warmTimes(take, operation)), keptKb: await keptKb(take, operation, kept) };
  }
  return measured;
}

async function warmTimes(take: Take, { text }: BenchOperation): Promise<Times> {
  const taken: Times[] = [];
  const batch = Array.from({ length: BATCH }, () => text);
  for (let count = 0; count < BATCHES; count += 1) taken.push((await take(batch)).times);
  const middle = (figure: keyof Times) => median(taken.map((times) => times[figure]));
  return { planMs: middle('planMs'), compileMs: middle('compileMs'), firstRunMs: middle('firstRunMs') };
}

/** What each of many distinct operations adds to the heap, once it has run. */
async function keptKb(take: Take, { text }: BenchOperation, count: number): Promise<number> {
  const before = heapBytes();
  const kept = await take(Array.from({ length: count }, (_, number) => variantOf(text, number)));
  const added = heapBytes() - before;
  return added / kept.prepared.length / 1_024;
}

const nobody = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/**
 * Processor time of this thread alone: other work of the machine does not count, nor do the threads that collect garbage. The system keeps
 * that account when it switches threads, and otherwise only every few milliseconds; so the thread stands aside for a moment.
 */
function cpuMs(): number {
  Atomics.wait(nobody, 0, 0, SWITCH_MS);
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function heapBytes(): number {
  if (!global.gc) throw new Error('Start with --expose-gc.');
  global.gc();
  global.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const [kind, executor, argument] = process.argv.slice(2);
const found =
  kind === 'cold'
    ? await measureCold(executor as ExecutorName, argument!)
    : await measureWarm(executor as ExecutorName, Number(argument));
console.log(JSON.stringify(found));
