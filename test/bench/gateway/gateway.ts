import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { BenchmarkOptions } from '../run.ts';
import { checkPeers, describePeers } from './check-peers.ts';
import type { CheckedPeers } from './check-peers.ts';
import { composeSupergraph, OPERATION } from './graph/schema.ts';
import { hasWrk, measureLoad, runLoad } from './load.ts';
import type { Load } from './load.ts';
import { parseGatewayBenchOptions } from './options.ts';
import type { GatewayBenchOptions, Mode, PeerName } from './options.ts';
import { startPeer } from './peers.ts';
import { print } from './print.ts';
import { canPin, LOAD_CORE, nextMessage, pinSelf, startProcess } from './processes.ts';
import type { BenchProcess } from './processes.ts';
import { selfTimes } from './profile.ts';
import type { CpuProfile } from './profile.ts';
import type { ProfilerMessage } from './profiler.ts';
import { ratiosTo, summarize } from './statistics.ts';
import type { Ratios, Round } from './statistics.ts';

// Our gateway beside others on one operation over four subgraphs. Each gateway is a process of its own; they take turns, so that
// whatever else the machine does meets all of them alike.

export interface GatewayBenchResult extends CheckedPeers {
  /** The machine's load when the benchmark began, and whether processes were pinned to cores. */
  machine: { loadBefore: readonly number[]; loadAfter: readonly number[]; pinned: boolean; generator: string };
  results: readonly { mode: Mode; peer: PeerName; median: Round; ratios: Ratios; rounds: readonly Round[] }[];
}

interface Setting {
  options: GatewayBenchOptions;
  subgraphs: BenchProcess;
  bodyFile: string;
  peers: ReadonlyMap<PeerName, BenchProcess>;
}

const PROFILED_PLACES = 30;
const BODY = JSON.stringify({ query: OPERATION });

export async function benchmarkGateway({ json, rest }: BenchmarkOptions): Promise<void> {
  const options = parseGatewayBenchOptions(rest);
  const report = (line: string) => {
    if (!json) console.log(line);
  };
  if (!hasWrk)
    report('wrk is missing, so a process of our own makes the load. Better: apt-get install wrk, or brew install wrk.');
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
    for (const name of options.peers)
      peers.set(
        name,
        await started(startPeer(name, { supergraphFile, profiled: options.profile !== undefined, report })),
      );
    const setting = { options, subgraphs, bodyFile, peers };
    const checked = await checkPeers({ peers, subgraphs, body: BODY });
    report(describePeers(checked));
    const results = await measure(setting);
    const machine = { loadBefore, loadAfter: loadavg(), pinned: canPin, generator: hasWrk ? 'wrk' : 'own' };
    const result = { machine, ...checked, results };
    if (json) console.log(JSON.stringify(result));
    else print(result);
    if (options.profile !== undefined) await profile(setting, options.profile, report);
  } finally {
    for (const each of running.reverse()) await each.stop();
    await rm(directory, { recursive: true });
  }
}

async function measure(setting: Setting): Promise<GatewayBenchResult['results']> {
  const { options, peers } = setting;
  const { modes, rounds, seconds, warmUpSeconds } = options;
  if (warmUpSeconds > 0)
    for (const peer of peers.values()) await runLoad(loadOn(peer, modes[0]!, warmUpSeconds, setting));
  const measured = new Map<string, Round[]>();
  for (let round = 0; round < rounds; round += 1)
    for (const mode of modes)
      for (const [name, peer] of peers) {
        const key = `${mode} ${name}`;
        measured.set(key, [...(measured.get(key) ?? []), await measureLoad(loadOn(peer, mode, seconds, setting))]);
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

function loadOn(peer: BenchProcess, mode: Mode, seconds: number, { options, subgraphs, bodyFile }: Setting): Load {
  const { connections } = options;
  return { url: peer.url, mode, seconds, connections, bodyFile, gatewayPid: peer.pid, subgraphsPid: subgraphs.pid };
}

async function profile(setting: Setting, file: string, report: (line: string) => void): Promise<void> {
  const { options, peers } = setting;
  const ours = peers.get('ours');
  if (!ours) throw new Error('Only our own gateway is profiled: add it to --peers.');
  const tell = async (message: ProfilerMessage) => {
    ours.child.send(message);
    await nextMessage(ours.child);
  };
  await tell({ kind: 'profile' });
  await runLoad(loadOn(ours, options.modes[0]!, options.seconds, setting));
  await tell({ kind: 'write profile', file: resolve(file) });
  report(`\nProfile of ours, mode ${options.modes[0]}: ${file}. Where the time went:`);
  for (const { place, selfMs, share } of selfTimes(
    JSON.parse(await readFile(file, 'utf8')) as CpuProfile,
    PROFILED_PLACES,
  ))
    report(`${(share * 100).toFixed(1).padStart(5)} % ${selfMs.toFixed(0).padStart(6)} ms  ${place}`);
}
