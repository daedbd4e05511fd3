import type { PeerName } from './options.ts';
import { nextMessage } from './processes.ts';
import type { BenchProcess } from './processes.ts';
import { EXPECTED, OBSERVED_CALLER } from './graph/schema.ts';
import type { ObservedRequests } from './subgraph-server.ts';

// Before anything is measured: every peer gives the answer that stock gives and forwards the
// caller's token, and stock does what the comparison is about.

export interface CheckedPeers {
  answerBytes: number;
  /** What each peer asks the subgraphs for one request. */
  subgraphRequests: Record<string, Pick<ObservedRequests, 'requests' | 'steps'>>;
}

/** Throws when an answer is not that of stock byte for byte, or when the workload is not what it is meant to be. */
export async function checkPeers({
  peers,
  subgraphs,
  body,
}: {
  /** Stock comes first. */
  peers: ReadonlyMap<PeerName, BenchProcess>;
  subgraphs: BenchProcess;
  body: string;
}): Promise<CheckedPeers> {
  const subgraphRequests: CheckedPeers['subgraphRequests'] = {};
  let expected = '';
  for (const [name, { url }] of peers) {
    await ask(url, body); // connections are made, plans are cached
    subgraphs.child.send({ kind: 'observe' });
    await nextMessage(subgraphs.child);
    const answer = await ask(url, body);
    subgraphs.child.send({ kind: 'report' });
    const { requests, steps, withToken } = await nextMessage<ObservedRequests>(subgraphs.child);
    subgraphRequests[name] = { requests, steps };
    if (withToken !== requests)
      throw new Error(`${name} forwarded the Authorization header in ${withToken} of ${requests} requests.`);
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
async function ask(url: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${OBSERVED_CALLER}` };
  const response = await fetch(url, { method: 'POST', headers, body });
  return (await response.text()).trim();
}

function difference(expected: string, answer: string): string {
  const at = [...expected].findIndex((character, index) => character !== answer[index]);
  return `from byte ${at}: "${expected.slice(at, at + 80)}" and "${answer.slice(at, at + 80)}".`;
}

/** One line that tells what was found. */
export function describePeers({ answerBytes, subgraphRequests }: CheckedPeers): string {
  const each = Object.entries(subgraphRequests).map(
    ([peer, { requests, steps }]) => `${peer} ${requests} requests in ${steps} steps`,
  );
  return `Answer: ${answerBytes} bytes, the same from all. To the subgraphs: ${each.join(', ')}.`;
}
