import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startLibrary } from './library-gateway.ts';

// Apollo's packages report usage and schema to their vendor when the environment holds a key for it. Nobody who runs this gateway
// has asked for that.

const attempts: string[] = [];
const onSocket = (message: unknown) => {
  const { socket } = message as { socket: Socket };
  socket.on('lookup', (_error, _address, _family, host) => attempts.push(host));
  socket.on('connectionAttempt', (ip) => attempts.push(ip));
};

beforeEach(() => subscribe('net.client.socket', onSocket));
afterEach(() => {
  unsubscribe('net.client.socket', onSocket);
  vi.unstubAllEnvs();
});

test('a gateway connects to its subgraphs and to nothing else, whatever keys the environment holds', async () => {
  vi.stubEnv('APOLLO_KEY', 'service:library:secret');
  vi.stubEnv('APOLLO_GRAPH_REF', 'library@current');
  vi.stubEnv('APOLLO_SCHEMA_REPORTING', 'true');
  {
    await using library = await startLibrary({ transport: 'http', config: { production: true } });
    await library.query('query Page { book(id: "1") { title rating } }');
    await library.query('{ bock }');
  }
  expect(new Set(attempts)).toEqual(new Set(['127.0.0.1']));
});
