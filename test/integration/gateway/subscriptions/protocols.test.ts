import { describe, expect, test } from 'vitest';

import { connect, MULTIPART, post, SSE } from './clients.ts';
import { newsTransports, startNews } from './news-gateway.ts';

const query = 'subscription Watch($id: ID!) { bookChanged(id: $id) { title score: rating blurb } }';
const operation = { query, variables: { id: '1' } };
const emma = { id: '1', title: 'Emma', pages: 9 };
const told = { data: { bookChanged: { title: 'Emma', score: 10, blurb: 'Emma: fine' } } };

describe.each(newsTransports)('subgraphs are reached by %s', (transport) => {
  test('events come as server-sent events until the subgraph completes', async () => {
    await using news = await startNews({ transport });
    const answer = await post(news.endpoint, operation, { accept: SSE });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    await news.hub.reached(1);
    news.hub.publish(emma);
    expect(await answer.next()).toEqual({ event: 'next', data: told });
    news.hub.publish(emma);
    expect(await answer.next()).toEqual({ event: 'next', data: told });
    news.hub.complete();
    expect(await answer.rest()).toEqual([{ event: 'complete' }]);
  });

  test('events come in parts, each as a payload', async () => {
    await using news = await startNews({ transport });
    const answer = await post(news.endpoint, operation, { accept: `${MULTIPART}, application/json` });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('multipart/mixed;boundary="-";subscriptionSpec=1.0');
    await news.hub.reached(1);
    news.hub.publish(emma);
    expect(await answer.next()).toEqual({ payload: told });
    news.hub.complete();
    expect(await answer.rest()).toEqual([]);
  });

  test('events come over a WebSocket, each operation under its id', async () => {
    await using news = await startNews({ transport });
    await using client = await connect(news.endpoint);
    client.send({ id: 'a', type: 'subscribe', payload: operation });
    await news.hub.reached(1);
    news.hub.publish(emma);
    expect(await client.next()).toEqual({ id: 'a', type: 'next', payload: told });
    news.hub.complete();
    expect(await client.next()).toEqual({ id: 'a', type: 'complete' });
  });
});

test.each([
  [SSE, ':\n\n:\n\n:\n\n'],
  [
    MULTIPART,
    '\r\n---\r\ncontent-type: application/json\r\n\r\n{}\r\n---\r\ncontent-type: application/json\r\n\r\n{}\r\n---',
  ],
])('a stream of %s without events shows that it is alive', async (accept, beginning) => {
  await using news = await startNews({ config: { streams: { heartbeatMs: 50 } } });
  const answer = await post(news.endpoint, operation, { accept });
  answer.response.setEncoding('utf8');
  let text = '';
  for await (const chunk of answer.response) {
    text += String(chunk);
    if (text.length >= beginning.length) break;
  }
  expect(text.slice(0, beginning.length)).toBe(beginning);
});
