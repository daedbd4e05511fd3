import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { openDatabase } from '@tributary/kit';

// A server that ends a connection in the very packet in which it accepts it, as one that is shut down at that moment may do.

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const ACCEPTED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const GOODBYE = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

test('a connection that ends while it is handed out fails its first statement, and not the process', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([ACCEPTED, READY, GOODBYE])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const uncaught: unknown[] = [];
  const onUncaught = (error: unknown) => uncaught.push(error);
  process.on('uncaughtException', onUncaught);
  onTestFinished(() => void process.off('uncaughtException', onUncaught));

  const { port } = server.address() as AddressInfo;
  const opening = openDatabase({
    url: `postgres://orders_app:secret@127.0.0.1:${port}/tributary`,
    applicationName: 'test',
    entities: [],
    maxConnections: 1,
    statementTimeoutMs: 1_000,
  });
  await expect(opening).rejects.toThrow(/connection/);
  expect(uncaught).toEqual([]);
});
