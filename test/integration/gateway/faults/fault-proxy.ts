import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

// Stands between the gateway and one subgraph, passes everything on, and misbehaves when it is told to: for a single request, which
// names its fault in its request id, or for all of them.

/** One request that is to go wrong. */
export interface Exchange {
  response: ServerResponse;
  /** How often this very request has come, the first time included. */
  attempt: number;
  /** What the subgraph answers when it is well. */
  goodAnswer: () => Promise<string>;
}

export type Fault = (exchange: Exchange) => void | Promise<void>;

export interface ProxiedRequest {
  headers: IncomingHttpHeaders;
  body: string;
  /** The gateway gave up on it before it was answered. */
  isCanceled: boolean;
}

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** What arrived, oldest first. */
  readonly received: ProxiedRequest[];
  /** For every request. */
  fault: Fault | null;
}

export interface FaultProxyOptions {
  /** Where the subgraph itself is. */
  upstream: string;
  /** The fault that a single request asks for. */
  faultOf: (requestId: string) => Fault | undefined;
}

export async function startFaultProxy({ upstream, faultOf }: FaultProxyOptions): Promise<FaultProxy> {
  const answers = new Map<string, Promise<string>>();
  const attempts = new Map<string, number>();

  // A subgraph of the tests answers the same question always alike.
  function ask(body: string): Promise<string> {
    let answer = answers.get(body);
    if (!answer) answers.set(body, (answer = post(upstream, body)));
    return answer;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const proxied: ProxiedRequest = { headers: request.headers, body, isCanceled: false };
    proxy.received.push(proxied);
    response.on('close', () => (proxied.isCanceled = !response.writableFinished));
    response.on('error', () => undefined); // what is written after the gateway has hung up

    const requestId = String(request.headers['x-request-id']);
    const fault = proxy.fault ?? faultOf(requestId);
    if (!fault) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(await ask(body));
      return;
    }
    const key = `${requestId} ${body}`;
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    await fault({ response, attempt, goodAnswer: () => ask(body) });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    received: [],
    fault: null,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

async function post(url: string, body: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return response.text();
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
