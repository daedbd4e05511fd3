import { once } from 'node:events';

import { expect, test } from 'vitest';

import { connect, MULTIPART, post, SSE } from './clients.ts';
import { startNews } from './news-gateway.ts';
import type { NewsGateway } from './news-gateway.ts';

// Clients that stop reading. Their events wait in the sockets, then in the gateway, and then there is no more room for them.

const operation = { query: 'subscription { bookChanged(id: 1) { title } }' };
const large = { id: '1', title: 'x'.repeat(64 * 1024), pages: 1 };
const streams = { queuedEvents: 20, queuedBytes: 8 * 1024 * 1024 };

/** Publishes until the subgraph has one listener less: the one that does not read has been cut off. */
async function publishUntilCut(news: NewsGateway, listeners: number): Promise<number> {
  let published = 0;
  while (news.hub.listeners > listeners) {
    news.hub.publish(large);
    published += 1;
    if (published > 5_000) throw new Error('Nobody was cut off.');
    await new Promise((resolve) => setImmediate(resolve));
  }
  return published;
}

test.each([SSE, MULTIPART])(
  'a client that does not read its %s is cut off, and one that reads gets all',
  async (accept) => {
    await using news = await startNews({ config: { streams } });
    const slow = await post(news.endpoint, operation, { accept });
    slow.response.pause();
    const quick = await post(
      news.endpoint,
      { query: 'subscription { it: bookChanged(id: 1) { title } }' },
      { accept: SSE },
    );
    await news.hub.reached(2);
    let read = 0;
    const reading = (async () => {
      for (let item = await quick.next(); item !== undefined; item = await quick.next()) read += 1;
    })();
    const published = await publishUntilCut(news, 1);
    news.hub.complete();
    await reading;
    expect(read).toBe(published + 1); // and the end
    // What was on its way may still be read, and ends with the reason.
    const rest = await slow.rest();
    expect(rest.length).toBeLessThan(published);
    expect(JSON.stringify(rest.slice(-2))).toContain('"code":"SUBSCRIBER_TOO_SLOW"');
  },
);

test('a WebSocket whose client does not read is closed', async () => {
  await using news = await startNews({ config: { streams } });
  await using client = await connect(news.endpoint);
  client.send({ id: 'a', type: 'subscribe', payload: operation });
  await news.hub.reached(1);
  client.socket.pause();
  await publishUntilCut(news, 0);
  client.socket.resume();
  const { code, reason } = await client.closed;
  expect({ code, reason }).toEqual({
    code: 1013,
    reason: 'SUBSCRIBER_TOO_SLOW: The client does not read its events as fast as they come.',
  });
});

test('a WebSocket whose client never reads again is cut', async () => {
  await using news = await startNews({ config: { streams: { ...streams, heartbeatMs: 100 } } });
  const client = await connect(news.endpoint);
  client.send({ id: 'a', type: 'subscribe', payload: operation });
  await news.hub.reached(1);
  client.socket.pause();
  await news.hub.reached(0); // pings stay unanswered
  client.socket.terminate();
  await client.closed;
});

test('a client that asks and asks and reads nothing is cut off', async () => {
  await using news = await startNews({ config: { streams: { ...streams, queuedBytes: 64 * 1024 } } });
  await using client = await connect(news.endpoint);
  client.socket.pause();
  const closed = once(client.socket, 'close');
  const query = '{ shelf(size: 100) { id title } }';
  for (let round = 0; round < 4_000 && client.socket.readyState === client.socket.OPEN; round += 1) {
    client.send({ id: String(round), type: 'subscribe', payload: { query } });
    if (round % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  client.socket.resume();
  const [code] = (await closed) as [number];
  expect(code).toBe(1013);
});
