import { connect } from 'node:net';

import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';

import { createDocumentRoutes } from '@tributary/app/services/gateway/document-routes';

import { startPeer } from '../../../gateway/peer.ts';

async function startGateway(): Promise<{ port: number; asked: () => string[] }> {
  const billing = await startPeer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/pdf', 'x-inside': '1' }).end('%PDF-');
  });
  onTestFinished(() => billing[Symbol.asyncDispose]());
  const gateway = Fastify({ logger: false, forceCloseConnections: true });
  onTestFinished(() => gateway.close());
  await gateway.register(async (scope) => createDocumentRoutes({ billingUrl: billing.url })(scope));
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 });
  return { port: Number(new URL(url).port), asked: () => billing.received.map(({ url }) => url) };
}

/** What answers the path exactly as written: clients such as fetch would tidy it up before they ask. */
function statusOf(port: number, path: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('data', (data: Buffer) => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())![1])));
    socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
  });
}

test('a document is asked of billing with its query, and answered without what only concerns billing', async () => {
  const { port, asked } = await startGateway();
  const answer = await fetch(`http://127.0.0.1:${port}/invoices/inv_1.pdf?expires=1&signature=a-b_c`);
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    ...[200, 'application/pdf', '%PDF-'],
  ]);
  expect(answer.headers.has('x-inside')).toBe(false);
  expect(asked()).toEqual(['/invoices/inv_1.pdf?expires=1&signature=a-b_c']);
});

test.each([
  ['/invoices/../readyz'],
  ['/invoices/%2e%2e/readyz'],
  ['/invoices/.%2E/graphql?query={me{id}}'],
  ['/invoices/x/../../graphql'],
  ['/invoices/..\\readyz'],
])('%s leads to nothing else of billing', async (path) => {
  const { port, asked } = await startGateway();
  expect(await statusOf(port, path)).toBe(404);
  expect(asked()).toEqual([]);
});
