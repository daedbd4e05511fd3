import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { expect, test } from 'vitest';

import { createGateway, createStockExecutor } from '@tributary/gateway';

import { collectLogs } from '../../../kit/collect-logs.ts';
import { allParts, readMultipart } from '../../../kit/multipart.ts';
import { startLibrary } from '../library-gateway.ts';
import { startBookshop } from '../stand-alone/bookshop.ts';
import { ACCEPT_PARTS, askForBook, startSlowLibrary } from './news.ts';

const BOOK = 'query Book { book(id: "1") { title ... @defer(label: "rating") { rating } } }';
const INITIAL = { data: { book: { title: 'Emma' } }, hasNext: true };
const RATING = { path: ['book'], label: 'rating', data: { rating: 10 } };

test('an answer in parts is streamed, with the headers that every answer has', async () => {
  await using slow = await startSlowLibrary();
  const held = slow.holdReviews();
  const response = await askForBook(slow.library, BOOK, { headers: { 'x-request-id': 'r-7' } });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('multipart/mixed; boundary="-"; deferSpec=20220824');
  expect(response.headers.get('x-request-id')).toBe('r-7');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const parts = readMultipart(response);
  expect((await parts.next()).value).toEqual(INITIAL);
  const { response: reviews } = await held;
  reviews.end(JSON.stringify({ data: { _entities: [{ rating: 10 }] } }));
  expect((await parts.next()).value).toMatchObject({ hasNext: false });
  expect((await parts.next()).done).toBe(true);
});

test('the log has one line for the request, written when the last part is out, with the codes of all parts', async () => {
  await using slow = await startSlowLibrary();
  const held = slow.holdReviews();
  const parts = readMultipart(await askForBook(slow.library, BOOK));
  await parts.next();
  const lines = () => slow.library.logs.filter(({ msg }) => msg === 'request');
  expect(lines()).toEqual([]);
  (await held).response.writeHead(500).end('<html>');
  const { value } = await parts.next();
  expect(value).toEqual({
    incremental: [
      {
        path: ['book'],
        label: 'rating',
        data: { rating: null },
        errors: [
          {
            message: 'The part of the graph behind this field cannot be reached at the moment.',
            path: ['book', 'rating'],
            extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'reviews' },
          },
        ],
      },
    ],
    hasNext: false,
  });
  await parts.next();
  await expect.poll(lines).toHaveLength(1);
  expect(lines()[0]).toMatchObject({ operation: 'Book', status: 200, errors: ['SUBGRAPH_UNAVAILABLE'] });
});

test('errors of deferred parts are masked like all others, in production without the name of the subgraph', async () => {
  const rating = () => {
    throw new Error('password=hunter2');
  };
  await using library = await startLibrary({
    config: { production: true, issuers: [] },
    resolvers: { reviews: { Book: { rating } } },
  });
  const parts = await allParts(await askForBook(library, BOOK, { headers: { 'x-request-id': 'r-8' } }));
  expect(parts[1]?.incremental?.[0]?.errors).toEqual([
    {
      message: 'Something went wrong on our side.',
      path: ['book', 'rating'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-8' },
    },
  ]);
});

test('a client that leaves after the first part has the rest canceled', async () => {
  await using slow = await startSlowLibrary();
  const held = slow.holdReviews();
  const client = new AbortController();
  const response = await askForBook(slow.library, BOOK, { signal: client.signal });
  const parts = readMultipart(response);
  await parts.next();
  const { closed } = await held;
  client.abort();
  await closed;
  await expect(parts.next()).rejects.toThrow('abort');
});

test('a deferred part that is not there by the deadline of the request is answered as too late', async () => {
  await using slow = await startSlowLibrary({ config: { limits: { deadlineMs: 2_000 } } });
  await allParts(await askForBook(slow.library, BOOK)); // so that planning takes none of that time
  void slow.holdReviews();
  const parts = await allParts(await askForBook(slow.library, BOOK));
  expect(parts[1]?.incremental?.[0]).toMatchObject({
    data: { rating: null },
    errors: [{ path: ['book', 'rating'], extensions: { code: 'SUBGRAPH_TIMEOUT' } }],
  });
});

test('deferred fields cost what they would cost otherwise, and are as deep', async () => {
  await using library = await startLibrary({ config: { limits: { costAnonymous: 20, depth: 3 } } });
  const codeOf = async (query: string) => {
    const body = (await (await askForBook(library, query)).json()) as {
      errors: { extensions: { code: string } }[];
    };
    return body.errors.map(({ extensions }) => extensions.code);
  };
  expect(await codeOf('{ book(id: "1") { id ... @defer { similar { id } reviews { id } } } }')).toEqual(['COST_LIMIT']);
  expect(await codeOf('{ book(id: "1") { id ... @defer { similar { similar { similar { id } } } } } }')).toEqual([
    'DEPTH_LIMIT_EXCEEDED',
  ]);
});

test('the gateway waits for the parts that are not out yet when it stops', async () => {
  await using slow = await startSlowLibrary();
  const held = slow.holdReviews();
  const parts = readMultipart(await askForBook(slow.library, BOOK));
  await parts.next();
  const { response } = await held;
  const stopped = slow.library.stop();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ data: { _entities: [{ rating: 10 }] } }));
  expect((await parts.next()).value).toEqual({ incremental: [RATING], hasNext: false });
  await parts.next();
  await stopped;
});

test("Apollo's executor, which knows no parts, answers at once", async () => {
  await using library = await startLibrary({ deps: { createExecutor: createStockExecutor } });
  const response = await askForBook(library, BOOK);
  expect(await response.json()).toEqual({ data: { book: { title: 'Emma', rating: 10 } } });
});

test('clients can read about the directive', async () => {
  await using library = await startLibrary();
  const { body } = await library.query('{ __schema { directives { name locations args { name } } } }');
  expect((body.data as { __schema: { directives: unknown } }).__schema.directives).toContainEqual({
    name: 'defer',
    locations: ['FRAGMENT_SPREAD', 'INLINE_FRAGMENT'],
    args: [{ name: 'label' }, { name: 'if' }],
  });
});

test.each([
  ['with the plugin an Apollo Server of anybody answers in parts', true],
  ['without the plugin it answers at once', false],
])('%s', async (_, hasPlugin) => {
  await using shop = await startBookshop();
  const { gateway, plugin } = createGateway({
    supergraphSdl: shop.supergraph(),
    logger: collectLogs().logger,
    formatError: ({ path }) => ({ message: 'formatted', path: path! }),
  });
  const server = new ApolloServer({ gateway, plugins: hasPlugin ? [plugin] : [], stopOnTerminationSignals: false });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  try {
    const base = { url: url.replace(/\/$/, '') };
    const ask = () =>
      fetch(base.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: ACCEPT_PARTS },
        body: JSON.stringify({ query: '{ books { title ... @defer { author { name } } } }' }),
      });
    const response = await ask();
    if (!hasPlugin) {
      expect(await response.json()).toEqual({ data: { books: [{ title: 'Emma', author: { name: 'Jane' } }] } });
      return;
    }
    const parts = await allParts(response);
    expect(parts).toHaveLength(2);
    expect(parts[1]?.incremental?.[0]).toEqual({ path: ['books', 0], data: { author: { name: 'Jane' } } });

    shop.peers.authors.fault = (_request, response) => void response.writeHead(500).end();
    const failed = await allParts(await ask());
    expect(failed[1]?.incremental?.[0]).toEqual({
      path: ['books', 0],
      data: { author: null },
      errors: [{ message: 'formatted', path: ['books', 0, 'author', 'name'] }],
    });
  } finally {
    await server.stop();
  }
});
