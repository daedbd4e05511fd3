import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';

import { createInProcessTransport } from '@tributary/gateway';
import { SECOND, systemClock } from '@tributary/kit/clock';

import { composeLibrary, createLibrarySubgraph, sdls } from './library.ts';
import type { Resolvers } from './library.ts';
import { startLibrary, transportKinds } from './library-gateway.ts';

const pageQuery = '{ books { title rating stars } newest { text } }';
const never = () => new Promise<never>(() => undefined);

describe.each(transportKinds)('with the %s transport', (transport) => {
  const start = (subgraph: 'books' | 'reviews', resolvers: Resolvers, limits = {}) =>
    startLibrary({ transport, resolvers: { [subgraph]: resolvers }, config: { limits } });

  test('one operation is answered from both subgraphs, with one fetch to each', async () => {
    await using library = await startLibrary({ transport });
    const { status, body } = await library.query('query Page { book(id: "1") { title rating blurb } }');
    expect({ status, body }).toEqual({
      status: 200,
      body: { data: { book: { title: 'Emma', rating: 10, blurb: 'Emma: fine' } } },
    });
    expect(library.fetches.map(({ subgraph, kind, operationKind }) => [subgraph, kind, operationKind])).toEqual([
      ['books', 'root', 'query'],
      ['reviews', 'entities', 'query'],
    ]);
  });

  test('a mutation reaches its subgraph as a mutation', async () => {
    await using library = await startLibrary({ transport });
    const { body } = await library.query('mutation { rename(id: "1", title: "Emma II") { title rating } }');
    expect(body).toEqual({ data: { rename: { title: 'Emma II', rating: 10 } } });
    expect(library.fetches.map(({ subgraph, operationKind }) => [subgraph, operationKind])).toEqual([
      ['books', 'mutation'],
      ['reviews', 'query'],
    ]);
  });

  test('subgraphs get the variables that their fetch uses, as the client sent them', async () => {
    await using library = await startLibrary({ transport });
    const { body } = await library.query(
      'query ($id: ID!, $no: Boolean = false) { book(id: $id) { title rating @include(if: $no) } }',
      {
        variables: { id: '3' },
      },
    );
    expect(body).toEqual({ data: { book: { title: 'Sanditon' } } });
  });

  test('a hanging subgraph costs its fields once the deadline has passed', async () => {
    const deadlineMs = 1_000;
    const query = '{ newest { text } book(id: "1") { title } }';
    await using library = await start('reviews', { Query: { newest: never } }, { deadlineMs });
    await library.query(query); // planning takes its time, and the plan is kept
    const startedAt = Date.now();
    const { status, body } = await library.query(query);
    expect(Date.now() - startedAt).toBeLessThan(deadlineMs + 5 * SECOND);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        data: { newest: null, book: { title: 'Emma' } },
        errors: [
          {
            message: 'The part of the graph behind this field did not answer in time.',
            path: ['newest'],
            extensions: { code: 'SUBGRAPH_TIMEOUT', subgraph: 'reviews' },
          },
        ],
      },
    });
  });

  test('a hanging entity fetch is told for every field and object it would have completed', async () => {
    await using library = await start('reviews', { Book: { rating: never } }, { deadlineMs: 1_000 });
    await library.query('{ books { title rating reviews { text } } }');
    const { body } = await library.query('{ books { title rating reviews { text } } }');
    expect(body.data).toEqual({
      books: ['Emma', 'Persuasion', 'Sanditon'].map((title) => ({ title, rating: null, reviews: null })),
    });
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual(
      [0, 1, 2].flatMap((index) => [
        [['books', index, 'rating'], 'SUBGRAPH_TIMEOUT'],
        [['books', index, 'reviews'], 'SUBGRAPH_TIMEOUT'],
      ]),
    );
  });

  test('an error with a code passes with its path in terms of the operation, and with nothing else of its extensions', async () => {
    const refuse = ({ id }: { id: string }) => {
      if (id === '2')
        throw new GraphQLError('Rating is hidden.', { extensions: { code: 'FORBIDDEN', sql: 'SELECT 1' } });
      return 1;
    };
    await using library = await start('reviews', { Book: { rating: refuse } });
    const { body } = await library.query('{ shelf: books { name: title points: rating } }');
    expect(body).toEqual({
      data: {
        shelf: [
          { name: 'Emma', points: 1 },
          { name: 'Persuasion', points: null },
          { name: 'Sanditon', points: 1 },
        ],
      },
      errors: [
        {
          message: 'Rating is hidden.',
          path: ['shelf', 1, 'points'],
          extensions: { code: 'FORBIDDEN', subgraph: 'reviews' },
        },
      ],
    });
  });

  test('list indexes in paths count objects that were left out of the fetch', async () => {
    const books = () => [null, { id: '1', title: 'Emma' }, null, { id: '2', title: 'Persuasion' }];
    const refuse = ({ id }: { id: string }) => {
      if (id === '2') throw new GraphQLError('Hidden.', { extensions: { code: 'FORBIDDEN' } });
      return 1;
    };
    await using library = await startLibrary({
      transport,
      resolvers: { books: { Query: { books } }, reviews: { Book: { rating: refuse } } },
    });
    const { body } = await library.query('{ books { rating } }');
    expect(body.data).toEqual({ books: [null, { rating: 1 }, null, { rating: null }] });
    expect(body.errors?.map(({ path }) => path)).toEqual([['books', 3, 'rating']]);
  });

  test('what a resolver throws is masked: code and request id are all that leaves', async () => {
    const fail = () => {
      throw new Error('connect ECONNREFUSED postgres://app:hunter2@db.internal:5432 SELECT * FROM reviews');
    };
    await using library = await start('reviews', { Book: { rating: fail } });
    const { body, headers } = await library.query('{ book(id: "1") { title rating } }');
    expect(body).toEqual({
      data: { book: { title: 'Emma', rating: null } },
      errors: [
        {
          message: 'Something went wrong on our side.',
          path: ['book', 'rating'],
          extensions: {
            code: 'INTERNAL_SERVER_ERROR',
            requestId: headers.get('x-request-id'),
            subgraph: 'reviews',
          },
        },
      ],
    });
    expect(JSON.stringify(library.logs)).not.toContain('hunter2');
  });

  test('null for a non-null field is an error with path and code, and null travels up as GraphQL says', async () => {
    await using library = await start('reviews', { Book: { __resolveReference: () => null } });
    const { body } = await library.query('{ books { title } book(id: "1") { title stars } }');
    expect(body).toEqual({
      data: { books: ['Emma', 'Persuasion', 'Sanditon'].map((title) => ({ title })), book: null },
      errors: [
        {
          message: 'The part of the graph behind this field sent an answer that cannot be used.',
          path: ['book', 'stars'],
          extensions: { code: 'SUBGRAPH_MALFORMED_RESPONSE' },
        },
      ],
    });
  });

  test('a missing value is told also when another field has an error of its own', async () => {
    const fail = () => {
      throw new GraphQLError('No.', { extensions: { code: 'FORBIDDEN' } });
    };
    await using library = await start('reviews', {
      Query: { newest: fail },
      Book: { __resolveReference: ({ id }: { id: string }) => (id === '2' ? null : { id }) },
    });
    const { body } = await library.query('{ newest { text } books { stars } }');
    expect(body.data).toEqual({ newest: null, books: [{ stars: 5 }, null, { stars: 5 }] });
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['newest'], 'FORBIDDEN'],
      [['books', 1, 'stars'], 'SUBGRAPH_MALFORMED_RESPONSE'],
    ]);
  });

  test('an error that costs a whole entity explains its other fields as well', async () => {
    const stars = ({ id }: { id: string }) => {
      if (id === '2') throw new GraphQLError('No.', { extensions: { code: 'FORBIDDEN' } });
      return 5;
    };
    const sdlOfReviews = sdls.reviews.replace('rating: Int', 'rating: Int!');
    await using library = await startLibrary({
      transport,
      resolvers: { reviews: { Book: { stars } } },
      deps: { supergraphSdl: composeLibrary({ reviews: sdlOfReviews }) },
    });
    const { body } = await library.query('{ books { id rating stars } }');
    expect(body.data).toEqual({
      books: [{ id: '1', rating: 10, stars: 5 }, null, { id: '3', rating: 30, stars: 5 }],
    });
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['books', 1, 'stars'], 'FORBIDDEN'],
    ]);
  });

  test('an error in a field that the client did not ask for is told at the object that needed it', async () => {
    const fail = () => {
      throw new GraphQLError('No title for you.', { extensions: { code: 'FORBIDDEN' } });
    };
    await using library = await start('books', { Book: { title: fail } });
    const { body } = await library.query('{ book(id: "1") { blurb } }');
    expect(body.data).toEqual({ book: null });
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['book'], 'FORBIDDEN']]);
  });

  test('the same goes for objects within the answer', async () => {
    const fail = () => {
      throw new GraphQLError('No title for you.', { extensions: { code: 'FORBIDDEN' } });
    };
    await using library = await start('books', { Book: { title: fail } });
    const { body } = await library.query('{ newest { text book { rating blurb } } }');
    expect(body.data).toEqual({ newest: { text: 'Fine.', book: { rating: 20, blurb: null } } });
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['newest', 'book'], 'FORBIDDEN'],
    ]);
  });

  test('introspection is answered without a fetch', async () => {
    await using library = await startLibrary({ transport });
    const { body } = await library.query('{ __schema { queryType { name } } __type(name: "Book") { kind } }');
    expect(body).toEqual({ data: { __schema: { queryType: { name: 'Query' } }, __type: { kind: 'OBJECT' } } });
    expect(library.fetches).toEqual([]);
  });

  test('aliases called like a property of every object do no harm', async () => {
    await using library = await startLibrary({ transport });
    const { body } = await library.query('{ toString: book(id: "1") { hasOwnProperty: title valueOf: rating } }');
    expect(body).toEqual({ data: { toString: { hasOwnProperty: 'Emma', valueOf: 10 } } });
  });
});

test('a subgraph in the same process that rejects costs its fields', async () => {
  const reviews = { ...createLibrarySubgraph('reviews'), execute: () => Promise.reject(new Error('hunter2')) };
  const transports = [createLibrarySubgraph('books'), reviews].map((each) =>
    createInProcessTransport(each, { clock: systemClock }),
  );
  await using library = await startLibrary({ deps: { transports } });
  const { body } = await library.query(pageQuery);
  expect(body.data).toEqual({ books: [null, null, null], newest: null });
  expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['newest'], 'SUBGRAPH_UNAVAILABLE'],
    ...[0, 1, 2].flatMap((index) => [
      [['books', index, 'rating'], 'SUBGRAPH_UNAVAILABLE'],
      [['books', index, 'stars'], 'SUBGRAPH_UNAVAILABLE'],
    ]),
  ]);
});

test('the same plan serves every caller and every set of variables', async () => {
  await using library = await startLibrary({ config: { planCacheSize: 1 } });
  const query = 'query ($id: ID!) { book(id: $id) { title } }';
  for (const [id, title] of [
    ['1', 'Emma'],
    ['2', 'Persuasion'],
    ['1', 'Emma'],
  ]) {
    expect((await library.query(query, { variables: { id } })).body).toEqual({ data: { book: { title } } });
    expect((await library.query('{ books { id } }')).body.data).toBeDefined(); // pushes the plan out
  }
});

test('operations of one document have plans of their own', async () => {
  await using library = await startLibrary();
  const query = 'query A { book(id: "1") { title } } query B { book(id: "1") { rating } }';
  for (let time = 0; time < 2; time += 1) {
    const [a, b] = await Promise.all(['A', 'B'].map((operationName) => library.query(query, { operationName })));
    expect([a?.body.data, b?.body.data]).toEqual([{ book: { title: 'Emma' } }, { book: { rating: 10 } }]);
  }
});
