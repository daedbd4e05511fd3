import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';

import { percentile } from './statistics.ts';

// Load without wrk: prints what wrk.lua prints. It takes several times the processor time that wrk does, from the core that the subgraphs
// need as well, so its requests per second and latencies say less. The processor time of the gateway per request is as good.

const [mode, bodyFile, every, url, connections, seconds] = process.argv.slice(2);
const body = await readFile(bodyFile!);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const taken: number[] = [];
let sent = 0;
let failures = 0;

function post(): Promise<boolean> {
  sent += 1;
  if (sent % Number(every) === 0) console.log(`mark ${sent}`);
  const caller = String(mode === 'unique' ? sent : 0).padStart(8, '0');
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    authorization: `Bearer caller-${caller}`,
  };
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const call = request(url!, { method: 'POST', agent, headers }, (response) => {
    response.on('end', () => resolve(response.statusCode === 200)).resume();
  });
  call.on('error', () => resolve(false)).end(body);
  return promise;
}

const startedAt = performance.now();
const endsAt = startedAt + Number(seconds) * 1_000;

async function connection(): Promise<void> {
  while (performance.now() < endsAt) {
    const from = performance.now();
    const isAnswered = await post();
    const now = performance.now();
    if (!isAnswered) failures += 1;
    if (now <= endsAt) taken.push(now - from);
  }
}

await Promise.all(Array.from({ length: Number(connections) }, connection));
agent.destroy();
console.log(
  JSON.stringify({
    requests: taken.length,
    durationMs: endsAt - startedAt,
    p50Ms: percentile(taken, 0.5),
    p99Ms: percentile(taken, 0.99),
    failures,
  }),
);
