import { expect, test } from 'vitest';

import { offering } from '../stand-alone/open-gateway.ts';
import { connect, MULTIPART, post, SSE } from './clients.ts';
import { startNews } from './news-gateway.ts';
import { composeNews } from './news.ts';

// Streams end when the gateway stops, and their clients are told so that they subscribe elsewhere.

const operation = { query: 'subscription { bookChanged(id: 1) { title } }' };
const goingAway = {
  message: 'This gateway is being stopped. Subscribe again.',
  extensions: { code: 'GOING_AWAY' },
};

test('streams and WebSockets are ended with the reason, and the gateway stops', async () => {
  await using news = await startNews();
  const sse = await post(news.endpoint, operation, { accept: SSE });
  const multipart = await post(news.endpoint, operation, { accept: MULTIPART });
  const client = await connect(news.endpoint);
  client.send({ id: 'a', type: 'subscribe', payload: operation });
  client.send({ id: 'b', type: 'subscribe', payload: { query: '{ whoami }' } });
  await client.next();
  await client.next(); // "a" has begun before
  const stopped = news.stop();
  expect(await sse.rest()).toEqual([{ event: 'next', data: { errors: [goingAway] } }, { event: 'complete' }]);
  expect(await multipart.rest()).toEqual([{ payload: null, errors: [goingAway] }]);
  expect(await client.next()).toEqual({ id: 'a', type: 'error', payload: [goingAway] });
  expect(await client.closed).toEqual({ code: 1001, reason: `GOING_AWAY: ${goingAway.message}` });
  await stopped;
  expect(news.hub.listeners).toBe(0);
});

test('an operation that runs over a WebSocket is answered before it is closed', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  const whoami = () => {
    asked.resolve();
    return answer.promise;
  };
  await using news = await startNews({ resolvers: { books: { Query: { whoami } } } });
  await using client = await connect(news.endpoint);
  client.send({ id: 'a', type: 'subscribe', payload: { query: '{ whoami }' } });
  await asked.promise;
  const stream = await post(news.endpoint, operation, { accept: SSE });
  const stopped = news.stop();
  await stream.rest(); // it is ended when nothing new is taken any more
  client.send({ id: 'b', type: 'subscribe', payload: { query: '{ whoami }' } });
  expect(await client.next()).toEqual({ id: 'b', type: 'error', payload: [goingAway] });
  answer.resolve('jane');
  expect(await client.next()).toEqual({ id: 'a', type: 'next', payload: { data: { whoami: 'jane' } } });
  expect(await client.next()).toEqual({ id: 'a', type: 'complete' });
  expect((await client.closed).code).toBe(1001);
  await stopped;
});

test('a client that does not let go is cut when the time is up', async () => {
  await using news = await startNews({ config: { drainTimeoutMs: 100 } });
  const client = await connect(news.endpoint);
  const answer = await post(news.endpoint, operation, { accept: SSE });
  client.send({ id: 'a', type: 'subscribe', payload: operation });
  await news.hub.reached(1);
  client.socket.pause(); // never answers the close
  answer.response.pause();
  await news.stop();
  client.socket.terminate();
  answer.leave();
});

test('a gateway that has as many streams as it can serves no more', async () => {
  await using news = await startNews({ config: { streams: { connections: 1 } } });
  const first = await post(news.endpoint, operation, { accept: SSE });
  const second = await post(news.endpoint, operation, { accept: SSE });
  expect(second.status).toBe(503);
  expect(JSON.parse(await second.text())).toMatchObject({
    errors: [{ extensions: { code: 'STREAM_LIMIT_EXCEEDED' } }],
  });
  await expect(connect(news.endpoint)).rejects.toThrow('503');
  first.leave();
  await news.hub.reached(0);
  await expect.poll(async () => (await post(news.endpoint, operation, { accept: SSE })).status).toBe(200);
});

test('streams of a supergraph that another one has followed are ended with the reason', async () => {
  const { source, offer } = offering(composeNews());
  await using news = await startNews({ deps: { supergraphSdl: source } });
  const answer = await post(news.endpoint, operation, { accept: SSE });
  await news.hub.reached(1);
  offer(`${composeNews()}\n# another one`);
  const changed = {
    message: 'The graph has changed since the subscription began. Subscribe again.',
    extensions: { code: 'SUPERGRAPH_CHANGED' },
  };
  expect(await answer.rest()).toEqual([{ event: 'next', data: { errors: [changed] } }, { event: 'complete' }]);
  await news.hub.reached(0);
  const next = await post(news.endpoint, operation, { accept: SSE });
  await news.hub.reached(1);
  next.leave();
});
