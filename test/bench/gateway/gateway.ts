import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BenchmarkOptions } from '../run.ts';
import { composeSupergraph, EXPECTED, OPERATION } from './graph/schema.ts';
import { runLoad } from './load.ts';
import { parseGatewayBenchOptions } from './options.ts';
import type { GatewayBenchOptions, Mode, PeerName } from './options.ts';
import { canPin, find, LOAD_CORE, nextMessage, pinSelf, startProcess } from './processes.ts';
import type { BenchProcess } from './processes.ts';
import { startPeer } from './peers.ts';
import { print } from './print.ts';
import { ratiosTo, summarize } from './statistics.ts';
import type { Ratios, Round } from './statistics.ts';
import type { ObservedRequests } from './subgraph-server.ts';

// Our gateway beside others on one operation over four subgraphs. Each gateway is a process of its own; they take turns, so that
// whatever else the machine does meets all of them alike.

export interface GatewayBenchResult {
  /** The machine's load when the benchmark began, and whether processes were pinned to cores. */
  machine: { loadBefore: readonly number[]; loadAfter: readonly number[]; pinned: boolean };
  answerBytes: number;
  /** What each peer asks the subgraphs for one request. */
  subgraphRequests: Record<string, ObservedRequests>;
  results: readonly { mode: Mode; peer: PeerName; median: Round; ratios: Ratios; rounds: readonly Round[] }[];
}

interface Setting {
  options: GatewayBenchOptions;
  subgraphs: BenchProcess;
  bodyFile: string;
  peers: ReadonlyMap<PeerName, BenchProcess>;
}

const BODY = JSON.stringify({ query: OPERATION });

export async function benchmarkGateway({ json, rest }: BenchmarkOptions): Promise<void> {
  const options = parseGatewayBenchOptions(rest);
  if (!find('wrk')) throw new Error('wrk is missing. Install it, for example: apt-get install wrk');
  const report = (line: string) => {
    if (!json) console.log(line);
  };
  const loadBefore = loadavg();
  pinSelf();
  const directory = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
  const running: BenchProcess[] = [];
  const started = async (starting: Promise<BenchProcess>) => {
    const process = await starting;
    running.push(process);
    return process;
  };
  try {
    const subgraphs = await started(startProcess(LOAD_CORE, join(import.meta.dirname, 'subgraph-server.ts')));
    const supergraphFile = join(directory, 'supergraph.graphql');
    const bodyFile = join(directory, 'body.json');
    await writeFile(supergraphFile, composeSupergraph(subgraphs.url));
    await writeFile(bodyFile, BODY);
    const peers = new Map<PeerName, BenchProcess>();
    for (const name of options.peers) peers.set(name, await started(startPeer(name, { supergraphFile, report })));
    const setting = { options, subgraphs, bodyFile, peers };
    const checked = await checkPeers(setting);
    report(describe(checked));
    const results = await measure(setting);
    const machine = { loadBefore, loadAfter: loadavg(), pinned: canPin };
    const result = { machine, ...checked, results };
    if (json) console.log(JSON.stringify(result));
    else print(result);
  } finally {
    for (const each of running.reverse()) await each.stop();
    await rm(directory, { recursive: true });
  }
}

/** Every peer answers what stock answers, and stock does what the comparison is about. */
async function checkPeers({
  peers,
  subgraphs,
}: Setting): Promise<Pick<GatewayBenchResult, 'answerBytes' | 'subgraphRequests'>> {
  const subgraphRequests: Record<string, ObservedRequests> = {};
  let expected = '';
  for (const [name, { url }] of peers) {
    await ask(url); // connections are made, plans are cached
    subgraphs.child.send({ kind: 'observe' });
    await nextMessage(subgraphs.child);
    const answer = await ask(url);
    subgraphs.child.send({ kind: 'report' });
    const { requests, steps } = await nextMessage<ObservedRequests>(subgraphs.child);
    subgraphRequests[name] = { requests, steps };
    if (name === 'stock') expected = answer;
    else if (answer !== expected)
      throw new Error(`The answer of ${name} is not that of stock: ${difference(expected, answer)}`);
  }
  const { stock } = subgraphRequests;
  const answerBytes = Buffer.byteLength(expected);
  if (stock?.requests !== EXPECTED.requests || stock.steps !== EXPECTED.steps)
    throw new Error(
      `Stock made ${stock?.requests} requests in ${stock?.steps} steps, not ${EXPECTED.requests} in ${EXPECTED.steps}.`,
    );
  if (answerBytes < EXPECTED.answerBytes.least || answerBytes > EXPECTED.answerBytes.most)
    throw new Error(`The answer has ${answerBytes} bytes.`);
  return { answerBytes, subgraphRequests };
}

/** White space around the answer is left out: some end with a new line. */
async function ask(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer caller' };
  const response = await fetch(url, { method: 'POST', headers, body: BODY });
  return (await response.text()).trim();
}

function difference(expected: string, answer: string): string {
  const at = [...expected].findIndex((character, index) => character !== answer[index]);
  return `from byte ${at}: "${expected.slice(at, at + 80)}" and "${answer.slice(at, at + 80)}".`;
}

async function measure({ options, subgraphs, bodyFile, peers }: Setting): Promise<GatewayBenchResult['results']> {
  const { modes, rounds, seconds, warmUpSeconds, connections } = options;
  const load = (peer: BenchProcess, mode: Mode, length: number) =>
    runLoad({
      url: peer.url,
      mode,
      seconds: length,
      connections,
      bodyFile,
      gatewayPid: peer.pid,
      subgraphsPid: subgraphs.pid,
    });
  if (warmUpSeconds > 0) for (const peer of peers.values()) await load(peer, modes[0]!, warmUpSeconds);
  const measured = new Map<string, Round[]>();
  for (let round = 0; round < rounds; round += 1)
    for (const mode of modes)
      for (const [name, peer] of peers) {
        const key = `${mode} ${name}`;
        measured.set(key, [...(measured.get(key) ?? []), await load(peer, mode, seconds)]);
      }
  return modes.flatMap((mode) =>
    options.peers.map((peer) => {
      const own = measured.get(`${mode} ${peer}`)!;
      const median = summarize(own);
      const ratios = ratiosTo(summarize(measured.get(`${mode} stock`)!), median);
      return { mode, peer, median, ratios, rounds: own };
    }),
  );
}

function describe({
  answerBytes,
  subgraphRequests,
}: Pick<GatewayBenchResult, 'answerBytes' | 'subgraphRequests'>): string {
  const each = Object.entries(subgraphRequests).map(
    ([peer, { requests, steps }]) => `${peer} ${requests} requests in ${steps} steps`,
  );
  return `Answer: ${answerBytes} bytes, the same from all. To the subgraphs: ${each.join(', ')}.`;
}
