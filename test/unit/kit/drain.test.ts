import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createDrain } from '@tributary/kit/drain';
import type { Drain } from '@tributary/kit/drain';

const TIMEOUT_MS = 1_000;
const EARLY_MS = 800;

let port: number;
let drain: Drain;
let answerSlow: () => void;
let sockets: Socket[];
beforeEach(async () => {
  const server = Fastify({ forceCloseConnections: 'idle', return503OnClosing: false });
  drain = createDrain(server, TIMEOUT_MS);
  const slow = new Promise<void>((resolve) => (answerSlow = resolve));
  server.get('/fast', () => 'fast');
  server.get('/slow', async () => {
    await slow;
    return 's'.repeat(1_000_000);
  });
  server.post('/body', () => 'read');
  await server.listen({ host: '127.0.0.1', port: 0 });
  port = (server.server.address() as AddressInfo).port;
  sockets = [];
});
afterEach(async () => {
  answerSlow();
  await drain.stop();
  for (const socket of sockets) socket.destroy();
});

/** A connection on which `text` has been written. `received` grows with what comes back. */
async function open(text: string) {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  const connection = {
    received: '',
    closed: new Promise<void>((resolve) => socket.once('close', () => resolve())),
    socket,
  };
  socket.on('data', (chunk) => (connection.received += chunk.toString()));
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  if (text) await new Promise((resolve) => socket.write(text, resolve));
  return connection;
}
const get = (path: string) => open(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function timeToStop(): Promise<number> {
  const started = performance.now();
  await drain.stop();
  return performance.now() - started;
}

test('a server without connections stops at once', async () => {
  expect(drain.isDraining()).toBe(false);
  const stopping = timeToStop();
  expect(drain.isDraining()).toBe(true);
  expect(await stopping).toBeLessThan(EARLY_MS);
});

test('connections that are kept alive, silent or in the middle of their headers do not delay the stop', async () => {
  const connections = await Promise.all([get('/fast'), open(''), open('GET /fast HTTP/1.1\r\nhost:')]);
  await pause(50);
  expect(await timeToStop()).toBeLessThan(EARLY_MS);
  await Promise.all(connections.map(({ closed }) => closed));
});

test('a request in flight is answered to its last byte and closes its connection, while others are already closed', async () => {
  const silent = await open('');
  const slow = await get('/slow');
  await pause(50);
  const stopping = timeToStop();
  await pause(50);
  answerSlow();
  await Promise.all([slow.closed, silent.closed]);
  const [head, body] = slow.received.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*connection: close/i);
  expect(body).toHaveLength(1_000_000);
  expect(await stopping).toBeLessThan(EARLY_MS);
});

test('a client that leaves before its answer does not hold the stop up', async () => {
  const slow = await get('/slow');
  await pause(50);
  slow.socket.destroy();
  expect(await timeToStop()).toBeLessThan(EARLY_MS);
});

test('a request that does not end is cut off when the time is over', async () => {
  const endless = await Promise.all([
    get('/slow'),
    open('POST /body HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 9\r\n\r\nhalf'),
  ]);
  await pause(50);
  const took = await timeToStop();
  expect(took).toBeGreaterThan(TIMEOUT_MS - 50);
  expect(took).toBeLessThan(5 * TIMEOUT_MS);
  await Promise.all(endless.map(({ closed }) => closed));
});

test('all calls share one promise', async () => {
  const stopping = drain.stop();
  expect(drain.stop()).toBe(stopping);
  await stopping;
  expect(drain.stop()).toBe(stopping);
});
