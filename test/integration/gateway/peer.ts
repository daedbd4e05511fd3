import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createInternalTokenVerifier } from '@tributary/kit/internal-token';
import type { Subgraph, SubgraphRequest } from '@tributary/kit/subgraph';
import { systemClock } from '@tributary/kit/clock';

import { internalKeys } from './keys.ts';

/** A plain HTTP server on a free loopback port. */
export interface Peer extends AsyncDisposable {
  readonly url: string;
  /** What arrived, oldest first. */
  readonly received: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  /** Answers in place of the usual listener until it is set back to null. */
  fault: ((request: IncomingMessage, response: ServerResponse) => void) | null;
}

export async function startPeer(listener: RequestListener): Promise<Peer> {
  const received: Peer['received'] = [];
  const bodies = new WeakMap<IncomingMessage, string>();
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      bodies.set(request, body);
      received.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      (peer.fault ?? listener)(Object.assign(request, { text: body }), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const peer: Peer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    fault: null,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return peer;
}

/** A subgraph's server as any vendor might write it: it checks the internal token and answers GraphQL over HTTP. */
export async function startSubgraphPeer(subgraph: Subgraph): Promise<Peer> {
  const { publicKey } = await internalKeys;
  const verifier = await createInternalTokenVerifier(publicKey, subgraph.name, systemClock);
  return startPeer((request, response) => {
    void (async () => {
      if (request.url === '/readyz') {
        response.end();
        return;
      }
      const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const { principal } = await verifier.verify(token);
      const result = await subgraph.execute(JSON.parse((request as { text?: string }).text!) as SubgraphRequest, {
        principal,
        requestId: String(request.headers['x-request-id']),
        deadline: Date.now() + Number(request.headers['x-request-timeout-ms']),
      });
      sendJson(response, result);
    })().catch(() => response.writeHead(401).end());
  });
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
