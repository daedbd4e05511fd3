import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { connect, MULTIPART, post, SSE } from './clients.ts';
import { startNews } from './news-gateway.ts';
import type { NewsGateway } from './news-gateway.ts';

// Queries and mutations by the protocols of streams.

let news: NewsGateway;
beforeAll(async () => {
  news = await startNews();
});
afterAll(() => news[Symbol.asyncDispose]());

const rename = 'mutation { rename(id: 1, title: "Emma") { title } }';
const renamed = { data: { rename: { title: 'Emma' } } };

test('a query in an event stream is one result and the end', async () => {
  const answer = await post(news.endpoint, { query: '{ whoami }' }, { accept: SSE });
  expect(await answer.rest()).toEqual([{ event: 'next', data: { data: { whoami: 'nobody' } } }, { event: 'complete' }]);
});

test('a mutation in an event stream is one result and the end', async () => {
  const answer = await post(news.endpoint, { query: rename }, { accept: SSE });
  expect(await answer.rest()).toEqual([{ event: 'next', data: renamed }, { event: 'complete' }]);
});

test('a query in a multipart answer is one payload', async () => {
  const answer = await post(news.endpoint, { query: '{ whoami }' }, { accept: MULTIPART });
  expect(await answer.rest()).toEqual([{ payload: { data: { whoami: 'nobody' } } }]);
});

test('a client that takes JSON as well gets a single answer as JSON', async () => {
  const answer = await post(news.endpoint, { query: '{ whoami }' }, { accept: `application/json, ${SSE}` });
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(await answer.text()).toBe('{"data":{"whoami":"nobody"}}\n');
});

test('queries and mutations run over a WebSocket', async () => {
  await using client = await connect(news.endpoint);
  client.send({ id: '1', type: 'subscribe', payload: { query: '{ whoami }' } });
  expect(await client.next()).toEqual({ id: '1', type: 'next', payload: { data: { whoami: 'nobody' } } });
  expect(await client.next()).toEqual({ id: '1', type: 'complete' });
  client.send({ id: '1', type: 'subscribe', payload: { query: rename } });
  expect(await client.next()).toEqual({ id: '1', type: 'next', payload: renamed });
  expect(await client.next()).toEqual({ id: '1', type: 'complete' });
});

test('the client of the protocol reads the event stream', async () => {
  const client = createClient({ url: news.endpoint });
  const results = client.iterate({ query: 'subscription { bookChanged(id: 7) { title } }' });
  const first = results.next();
  await news.hub.reached(1);
  news.hub.publish({ id: '7', title: 'Emma' });
  expect(await first).toEqual({ done: false, value: { data: { bookChanged: { title: 'Emma' } } } });
  news.hub.complete();
  expect(await results.next()).toEqual({ done: true, value: undefined });
});

test('each operation has a line in the log, with its events', async () => {
  await using client = await connect(news.endpoint);
  const query = 'subscription Logged { bookChanged(id: 8) { title } }';
  const answer = await post(news.endpoint, { query }, { accept: SSE });
  client.send({ id: 'a', type: 'subscribe', payload: { query: `${query} ` } });
  await news.hub.reached(2);
  news.hub.publish({ id: '8', title: 'Emma' });
  await answer.next();
  await client.next();
  news.hub.complete();
  await answer.rest();
  await client.next();
  await expect
    .poll(() => news.logs.filter(({ operation }) => operation === 'Logged').map(({ status }) => status))
    .toEqual(expect.arrayContaining([200, 'websocket']));
  expect(news.logs.filter(({ operation }) => operation === 'Logged')).toEqual([
    expect.objectContaining({ type: 'subscription', events: 1, errors: [], principal: { type: 'anonymous' } }),
    expect.objectContaining({ type: 'subscription', events: 1, errors: [], principal: { type: 'anonymous' } }),
  ]);
});

test('an operation whose client leaves its stream has its line, too', async () => {
  const answer = await post(
    news.endpoint,
    { query: 'subscription Left { bookChanged(id: 8) { title } }' },
    { accept: SSE },
  );
  await news.hub.reached(1);
  news.hub.publish({ id: '8', title: 'Emma' });
  await answer.next();
  answer.leave();
  await expect
    .poll(() => news.logs.filter(({ operation }) => operation === 'Left'))
    .toEqual([expect.objectContaining({ status: 200, events: 1, errors: [] })]);
});

test('a page of a configured origin may read the stream', async () => {
  const headers = { origin: 'https://studio.apollographql.com', 'x-request-id': 'r-1' };
  const answer = await post(
    news.endpoint,
    { query: 'subscription { catalog(size: 1) { id } }' },
    { accept: SSE, headers },
  );
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': 'https://studio.apollographql.com',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    'x-request-id': 'r-1',
  });
  answer.leave();
});
