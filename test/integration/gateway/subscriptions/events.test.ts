import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';

import { connect, post, SSE } from './clients.ts';
import { newsTransports, startNews } from './news-gateway.ts';

const emma = { id: '1', title: 'Emma', pages: 9 };

// What one event says, whatever it came by: the plan is executed as for a query.
describe.each(newsTransports)('an event of subgraphs that are reached by %s', (transport) => {
  test('names what went wrong in it, in terms of the operation, and more events follow', async () => {
    await using news = await startNews({ transport });
    const answer = await post(
      news.endpoint,
      { query: 'subscription { it: bookChanged(id: 1) { title } }' },
      { accept: SSE },
    );
    await news.hub.reached(1);
    news.hub.publish(new GraphQLError('The book was burned.', { extensions: { code: 'BURNED', secret: 'hunter2' } }));
    expect(await answer.next()).toEqual({
      event: 'next',
      data: {
        data: { it: null },
        errors: [{ message: 'The book was burned.', path: ['it'], extensions: { code: 'BURNED', subgraph: 'books' } }],
      },
    });
    news.hub.publish(emma);
    expect(await answer.next()).toEqual({ event: 'next', data: { data: { it: { title: 'Emma' } } } });
    answer.leave();
  });

  test('keeps its healthy part when the rest of the plan fails', async () => {
    const rating = () => {
      throw new Error('hunter2');
    };
    await using news = await startNews({ transport, resolvers: { reviews: { Book: { rating } } } });
    const query = 'subscription { bookChanged(id: 1) { title score: rating blurb } }';
    const answer = await post(news.endpoint, { query }, { accept: SSE });
    await news.hub.reached(1);
    news.hub.publish(emma);
    const told = await answer.next();
    expect(told).toEqual({
      event: 'next',
      data: {
        data: { bookChanged: { title: 'Emma', score: null, blurb: 'Emma: fine' } },
        errors: [
          {
            message: 'Something went wrong on our side.',
            path: ['bookChanged', 'score'],
            extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) as string, subgraph: 'reviews' },
          },
        ],
      },
    });
    answer.leave();
  });

  test('nulls up to what may be null where a value is missing', async () => {
    await using news = await startNews({ transport });
    await using client = await connect(news.endpoint);
    client.send({ id: 'a', type: 'subscribe', payload: { query: 'subscription { bookChanged(id: 1) { pages } }' } });
    await news.hub.reached(1);
    news.hub.publish({ id: '1', title: 'Emma', pages: null });
    expect(await client.next()).toMatchObject({
      id: 'a',
      type: 'next',
      payload: { data: { bookChanged: null }, errors: [{ path: ['bookChanged', 'pages'] }] },
    });
  });

  test('sends each subgraph one question, and the next event asks anew', async () => {
    await using news = await startNews({ transport });
    const query = 'subscription { bookChanged(id: 1) { rating reader } }';
    const answer = await post(news.endpoint, { query }, { accept: SSE });
    await news.hub.reached(1);
    news.hub.publish(emma);
    await answer.next();
    news.hub.publish(emma);
    await answer.next();
    expect(news.fetches.map(({ subgraph, kind, operationKind }) => [subgraph, kind, operationKind])).toEqual([
      ['books', 'root', 'subscription'],
      ['reviews', 'entities', 'query'],
      ['reviews', 'entities', 'query'],
    ]);
    answer.leave();
  });

  test('ends a subscription with its errors where the subgraph refuses it', async () => {
    await using news = await startNews({ transport });
    await using client = await connect(news.endpoint);
    client.send({ id: 'a', type: 'subscribe', payload: { query: 'subscription { ownBookChanged { title } }' } });
    const refused = { message: 'Sign in first.', path: ['ownBookChanged'] };
    expect(await client.next()).toEqual({
      id: 'a',
      type: 'error',
      payload: [{ ...refused, extensions: { code: 'UNAUTHENTICATED', subgraph: 'books' } }],
    });
    expect(news.hub.listeners).toBe(0);
  });

  test('is the last one when the subgraph breaks, and the client is told', async () => {
    await using news = await startNews({ transport });
    const query = 'subscription { bookChanged(id: 1) { title } }';
    const answer = await post(news.endpoint, { query }, { accept: SSE });
    await using client = await connect(news.endpoint);
    client.send({
      id: 'a',
      type: 'subscribe',
      payload: { query: 'subscription { it: bookChanged(id: 1) { title } }' },
    });
    await news.hub.reached(2);
    news.hub.publish(emma);
    await answer.next();
    await client.next();
    if (transport === 'in-process') news.hub.fail(new Error('hunter2'));
    else news.cutSubgraph('books');
    const lost = (path: string[]) => ({
      message: 'The part of the graph behind this field cannot be reached at the moment.',
      path,
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'books' },
    });
    expect(await answer.rest()).toEqual([
      { event: 'next', data: { errors: [lost(['bookChanged'])] } },
      { event: 'complete' },
    ]);
    expect(await client.next()).toEqual({ id: 'a', type: 'error', payload: [lost(['it'])] });
  });

  test('comes to an end at the subgraph when the client leaves', async () => {
    await using news = await startNews({ transport });
    const query = 'subscription { bookChanged(id: 1) { title } }';
    const answer = await post(news.endpoint, { query }, { accept: SSE });
    await using client = await connect(news.endpoint);
    client.send({
      id: 'a',
      type: 'subscribe',
      payload: { query: 'subscription { it: bookChanged(id: 1) { title } }' },
    });
    await news.hub.reached(2);
    answer.leave();
    await news.hub.reached(1);
    client.send({ id: 'a', type: 'complete' });
    await news.hub.reached(0);
  });
});

test('clients that ask for the same share one subscription, until the last of them leaves', async () => {
  await using news = await startNews();
  const operation = { query: 'subscription { bookChanged(id: 1) { title } }' };
  const answers = await Promise.all([1, 2, 3].map(() => post(news.endpoint, operation, { accept: SSE })));
  await using client = await connect(news.endpoint);
  client.send({ id: 'a', type: 'subscribe', payload: operation });
  client.send({ id: 'b', type: 'subscribe', payload: { query: '{ whoami }' } });
  expect(await client.next()).toMatchObject({ id: 'b', type: 'next' }); // by then "a" has begun
  expect(news.hub.listeners).toBe(1);
  news.hub.publish(emma);
  for (const answer of answers) expect(await answer.next()).toMatchObject({ event: 'next' });
  expect(await client.next()).toEqual({ id: 'b', type: 'complete' });
  expect(await client.next()).toMatchObject({ id: 'a', type: 'next' });
  for (const answer of answers) answer.leave();
  news.hub.publish(emma);
  expect(await client.next()).toMatchObject({ id: 'a', type: 'next' });
  expect(news.hub.listeners).toBe(1);
  client.send({ id: 'a', type: 'complete' });
  await news.hub.reached(0);
});

test('other variables are another subscription', async () => {
  await using news = await startNews();
  const query = 'subscription Watch($id: ID!) { bookChanged(id: $id) { title } }';
  const answers = await Promise.all(
    ['1', '2'].map((id) => post(news.endpoint, { query, variables: { id } }, { accept: SSE })),
  );
  await news.hub.reached(2);
  for (const answer of answers) answer.leave();
});
