import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { BenchmarkOptions } from '../run.ts';
import type { ClientReport, ClientRequest, Identity, ServerReport, ServerRequest } from './messages.ts';

// Many subscribers over WebSockets to one event: how many have it, after what time, and what one of them costs while nothing happens.
// Three set-ups: clients that nobody can tell apart, which share one subscription to the subgraph; clients that are each a person of
// their own, with the subgraph in the gateway's process; and two gateways on one subgraph.

interface SetUp {
  name: string;
  identity: Identity;
  gateways: number;
  inProcess: boolean;
}

const SET_UPS: readonly SetUp[] = [
  { name: 'one gateway, clients alike', identity: 'same', gateways: 1, inProcess: false },
  { name: 'one gateway, each a person', identity: 'unique', gateways: 1, inProcess: true },
  { name: 'two gateways on one subgraph', identity: 'same', gateways: 2, inProcess: false },
];

export interface SubscriptionsResult {
  setUp: string;
  subscribers: number;
  /** Who had the event. */
  served: number;
  /** Until half of them had it. */
  p50Ms: number;
  /** Until the last one had it. */
  allMs: number;
  /** Per idle subscriber, in its gateway. */
  residentKb: number;
  heapKb: number;
  /** Processor time of the gateways for the event, per subscriber. */
  cpuPerEventUs: number;
}

const CLIENT_PROCESSES = 4;
const EVENT_TIMEOUT_MS = 60_000;
const WARM_UP = 200;

export async function benchmarkSubscriptions({ json, rest }: BenchmarkOptions): Promise<void> {
  const { values } = parseArgs({ args: [...rest], options: { subscribers: { type: 'string', default: '10000' } } });
  const results: SubscriptionsResult[] = [];
  for (const setUp of SET_UPS) results.push(await measure(setUp, Number(values.subscribers)));
  if (json) console.log(JSON.stringify(results));
  else console.table(Object.fromEntries(results.map(({ setUp, ...result }) => [setUp, result])));
}

async function measure({ name, identity, gateways, inProcess }: SetUp, count: number): Promise<SubscriptionsResult> {
  await using processes = new Processes();
  const subgraph = inProcess ? null : await processes.start('subgraph-process.ts');
  const started = await Promise.all(
    Array.from({ length: gateways }, () => processes.start('gateway-process.ts', subgraph ? [subgraph.url] : [])),
  );
  const publish = (number: number) => {
    for (const each of subgraph ? [subgraph] : started) send(each.child, { kind: 'publish', number });
  };
  const urls = started.map(({ url }) => url);
  const clients: ChildProcess[] = [];
  const addClients = async (total: number, group: number) => {
    const added = await Promise.all(
      Array.from({ length: CLIENT_PROCESSES }, async (_, index) => {
        const { child } = await processes.start('client-process.ts');
        const localAddress = `127.0.${group}.${index + 1}`;
        const share = Math.ceil((total - index) / CLIENT_PROCESSES);
        await ask(child, { kind: 'connect', urls, count: share, identity, localAddress });
        return child;
      }),
    );
    clients.push(...added);
  };
  /** Publishes until everyone has the event: that a subscription has begun, nobody says. */
  const untilAllListen = async (number: number) => {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      publish(number);
      if ((await serve(clients, number, 1_000)).length === clientCount()) return;
    }
    throw new Error('Not all subscriptions have begun.');
  };
  let connected = 0;
  const clientCount = () => connected;

  // What the first ones cost is the cost of being there at all.
  await addClients(WARM_UP, 0);
  connected = WARM_UP;
  await untilAllListen(0);
  const before = await report(started);
  await addClients(count, 1);
  connected = WARM_UP + count;
  await untilAllListen(1);
  const idle = await report(started);

  const publishedAt = performance.timeOrigin + performance.now();
  publish(2);
  const at = (await serve(clients, 2, EVENT_TIMEOUT_MS)).sort((one, other) => one - other);
  const after = await report(started);
  const perSubscriber = (bytes: number) => Math.round((bytes / count / 1_024) * 10) / 10;
  return {
    setUp: name,
    subscribers: connected,
    served: at.length,
    p50Ms: Math.round((at[Math.floor(at.length / 2)] ?? NaN) - publishedAt),
    allMs: Math.round((at.at(-1) ?? NaN) - publishedAt),
    residentKb: perSubscriber(idle.rss - before.rss),
    heapKb: perSubscriber(idle.heap - before.heap),
    cpuPerEventUs: Math.round(((after.cpuMs - idle.cpuMs) / connected) * 1_000),
  };
}

/** When each subscriber had the event. */
async function serve(clients: readonly ChildProcess[], number: number, timeoutMs: number): Promise<number[]> {
  const reports = await Promise.all(
    clients.map((child) => ask<ClientReport>(child, { kind: 'await', number, timeoutMs })),
  );
  return reports.flatMap(({ at }) => at);
}

/** All gateways together. */
async function report(servers: readonly { child: ChildProcess }[]): Promise<ServerReport> {
  const reports = await Promise.all(servers.map(({ child }) => ask<ServerReport>(child, { kind: 'memory' })));
  const sum = (field: keyof ServerReport) => reports.reduce((total, each) => total + each[field], 0);
  return { rss: sum('rss'), heap: sum('heap'), cpuMs: sum('cpuMs') };
}

function send(child: ChildProcess, request: ServerRequest | ClientRequest): void {
  child.send(request);
}

async function ask<T>(child: ChildProcess, request: ServerRequest | ClientRequest): Promise<T> {
  const answered = once(child, 'message');
  send(child, request);
  const [answer] = (await answered) as [T];
  return answer;
}

/** Processes that end with the measurement. */
class Processes implements AsyncDisposable {
  #children: ChildProcess[] = [];

  async start(file: string, args: readonly string[] = []): Promise<{ child: ChildProcess; url: string }> {
    const child = fork(join(import.meta.dirname, file), [...args], { execArgv: ['--expose-gc'] });
    this.#children.push(child);
    const failed = once(child, 'exit').then(() => {
      throw new Error(`${file} ended before it was ready.`);
    });
    const [ready] = (await Promise.race([once(child, 'message'), failed])) as [{ url: string }];
    failed.catch(() => undefined);
    return { child, url: ready.url };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        const exited = child.exitCode === null ? once(child, 'exit') : undefined;
        child.kill('SIGKILL');
        await exited;
      }),
    );
  }
}
