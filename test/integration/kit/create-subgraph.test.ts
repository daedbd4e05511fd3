import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createSubgraph, everyone, SECOND } from '@tributary/kit';

import { bookId, BOOKS, libraryDefinition, reader, startLibrary, support } from './library.ts';
import type { Library } from './library.ts';

let library: Library;
beforeAll(async () => {
  library = await startLibrary();
});
afterAll(async () => {
  await library[Symbol.asyncDispose]();
});
beforeEach(() => {
  library.log.length = 0;
});

const ask: Library['ask'] = (...request) => library.ask(...request);
const failed = (code: string, message: string, path?: (string | number)[]) => ({
  message,
  ...(path && { path }),
  extensions: { code },
});
const MASKED = 'Something went wrong on our side.';

describe('an operation', () => {
  test('is answered from the database, with ids, times and amounts of the contract', async () => {
    const query = 'query ($id: ID!) { book(id: $id) { __typename id title boughtAt priceMinor secretNote } }';
    expect(await ask(query, { id: bookId(1) }, { principal: support })).toEqual({
      data: {
        book: {
          __typename: 'Book',
          id: bookId(1),
          title: 'Book 1',
          boughtAt: '2026-01-01T01:00:00.000Z',
          priceMinor: '9007199254740994',
          secretNote: 'note 1',
        },
      },
    });
    expect(library.statements).toHaveLength(1);
    expect(library.log).toEqual([]);
  });

  test('of representations loads them together, and one that is missing or wrong does not take the others along', async () => {
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Book { title secretNote priceMinor } } }';
    const representations = [
      { __typename: 'Book', id: bookId(2) },
      { __typename: 'Book', id: bookId(BOOKS + 1) },
      { __typename: 'Book', id: 'ord_00000000000000000000000000' },
      { __typename: 'Book', id: bookId(3), title: 'forged', secretNote: 'forged' },
    ];
    expect(await ask(query, { r: representations }, { principal: reader })).toEqual({
      data: {
        _entities: [
          { title: 'Book 2', secretNote: null, priceMinor: null },
          null,
          null,
          { title: 'Book 3', secretNote: null, priceMinor: null },
        ],
      },
      errors: [
        failed('INVALID_ID', 'This is not the id of a Product; such ids start with "prd_".', ['_entities', 2]),
        failed('NOT_FOUND', 'There is no such object, or the caller may not see it.', ['_entities', 1]),
        failed('FORBIDDEN', 'The caller may not see or do this.', ['_entities', 0, 'priceMinor']),
        failed('FORBIDDEN', 'The caller may not see or do this.', ['_entities', 3, 'priceMinor']),
      ].map((each) => expect.objectContaining(each) as unknown),
    });
    expect(library.statements).toHaveLength(1);
  });

  test('tells its SDL, which the gateway composes', async () => {
    expect(await ask('{ _service { sdl } }')).toEqual({
      data: { _service: { sdl: expect.stringContaining('type Book') as string } },
    });
  });

  test('that a rule refuses says so at its path, without a caller differently from one without the right', async () => {
    const query = '{ staffMotto motto }';
    const answer = (error: object) => ({
      data: { staffMotto: null, motto: 'read' },
      errors: [expect.objectContaining(error)],
    });
    expect(await ask(query)).toEqual(
      answer(failed('UNAUTHENTICATED', 'This needs a caller who has signed in.', ['staffMotto'])),
    );
    expect(await ask(query, {}, { principal: reader })).toEqual(
      answer(failed('FORBIDDEN', 'The caller may not see or do this.', ['staffMotto'])),
    );
    expect(await ask(query, {}, { principal: support })).toEqual({ data: { staffMotto: 'dust', motto: 'read' } });
  });

  test('leaves what nobody waits for until it has been executed', async () => {
    expect(await ask('{ afterwards }')).toEqual({ data: { afterwards: 'at once' } });
    expect(library.log).toEqual([expect.objectContaining({ msg: 'afterwards', subgraph: 'library' })]);
  });
});

describe('a fault', () => {
  const cases: [string, string, unknown, object][] = [
    [
      'in SQL leaks neither the statement nor its parameters',
      '{ leak }',
      { data: { leak: null }, errors: [failed('INTERNAL_SERVER_ERROR', MASKED, ['leak'])] },
      { message: 'relation "library.vault" does not exist' },
    ],
    [
      'of a promise inside a list is masked',
      '{ leakInList }',
      { data: { leakInList: null }, errors: [failed('INTERNAL_SERVER_ERROR', MASKED, ['leakInList', 0])] },
      { message: 'connect ECONNREFUSED 10.0.0.7:5432' },
    ],
    [
      'that is thrown as something other than an Error is masked',
      '{ thrown }',
      { data: { thrown: null }, errors: [failed('INTERNAL_SERVER_ERROR', MASKED, ['thrown'])] },
      {},
    ],
    [
      'of null in a non-null field is masked',
      '{ nothing }',
      { data: null, errors: [failed('INTERNAL_SERVER_ERROR', MASKED, ['nothing'])] },
      { message: 'Cannot return null for non-nullable field Query.nothing.' },
    ],
  ];
  test.each(cases)('%s and is logged with the request id', async (_name, query, answer, err) => {
    const given = (await ask(query)) as { errors: { locations?: unknown }[] };
    for (const error of given.errors) delete error.locations;
    expect(given).toEqual(answer);
    expect(JSON.stringify(given)).not.toMatch(/hunter2|vault|ECONNREFUSED|10\.0\.0\.7/);
    expect(library.log).toEqual([
      expect.objectContaining({
        level: 50,
        subgraph: 'library',
        requestId: 'request-1',
        msg: 'a resolver failed',
        err: expect.objectContaining(err) as object,
      }),
    ]);
  });

  test('while the context is made is masked, and execute does not reject', async () => {
    const broken = await createSubgraph(
      {
        ...libraryDefinition,
        extendContext: () => {
          throw new Error('no loaders, hunter2');
        },
      },
      dependencies(),
    );
    const call = { principal: null, requestId: 'request-2', deadline: Date.now() + SECOND };
    const { data, errors } = await broken.execute({ query: '{ motto }' }, call);
    expect({ data, errors: errors?.map((error) => error.toJSON()) }).toEqual({
      data: undefined,
      errors: [failed('INTERNAL_SERVER_ERROR', MASKED)],
    });
    await broken.stop();
  });

  test('that is a refusal is not logged', async () => {
    expect(await ask('{ refused }')).toEqual({
      data: { refused: null },
      errors: [expect.objectContaining(failed('BAD_USER_INPUT', 'Not like this.', ['refused']))],
    });
    expect(library.log).toEqual([]);
  });
});

describe('a request that cannot run', () => {
  test.each([
    ['GRAPHQL_PARSE_FAILED', '{ motto', 'Syntax Error: Expected Name, found <EOF>.'],
    ['GRAPHQL_PARSE_FAILED', '', 'Syntax Error: Unexpected <EOF>.'],
    ['GRAPHQL_VALIDATION_FAILED', '{ mottto }', 'Cannot query field "mottto" on type "Query".'],
    [
      'GRAPHQL_VALIDATION_FAILED',
      '{ book { id } }',
      'Field "book" argument "id" of type "ID!" is required, but it was not provided.',
    ],
    [
      'BAD_USER_INPUT',
      'query A { motto } query B { motto }',
      'Must provide operation name if query contains multiple operations.',
    ],
    [
      'BAD_USER_INPUT',
      'query ($id: ID!) { book(id: $id) { id } }',
      'Variable "$id" of required type "ID!" was not provided.',
    ],
  ])('is %s: %s', async (code, query, message) => {
    expect(await ask(query)).toEqual({ errors: [failed(code, message)] });
    expect(library.statements).toEqual([]);
    expect(library.log).toEqual([]);
  });

  test('because of a wrong variable does not repeat it in the answer or the log', async () => {
    const query = 'query ($filter: BookFilter) { books(filter: $filter) { nodes { id } } }';
    expect(await ask(query, { filter: { boughtSince: 'hunter2', title: { hunter2: 1 } } })).toEqual({
      errors: [
        expect.objectContaining(
          failed('BAD_USER_INPUT', 'Variable "$filter" got a value that does not fit its type "BookFilter".'),
        ),
        expect.objectContaining(
          failed(
            'BAD_USER_INPUT',
            'Variable "$filter" got a value that does not fit its type "BookFilter". DateTime must be an instant in RFC 3339 form, for example 2026-05-04T10:15:30.000Z.',
          ),
        ),
      ],
    });
    expect(library.log).toEqual([]);
    expect(library.statements).toEqual([]);
  });

  test('of a document that is kept is refused the same way every time', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => ask('{ mottto }')));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });
});

test('text with a NUL, which PostgreSQL cannot hold, is a mistake of the caller and not a fault', async () => {
  const query = 'query ($title: String) { books(filter: { title: $title }) { nodes { id } totalCount } }';
  const refusal = failed('BAD_USER_INPUT', 'Text must not contain the character U+0000.');
  const answer = (await ask(query, { title: 'a\0b' })) as { errors: object[] };
  expect(answer.errors).toEqual(expect.arrayContaining([expect.objectContaining(refusal)]));
  expect(answer.errors.every((error) => JSON.stringify(error).includes('BAD_USER_INPUT'))).toBe(true);
  expect(library.log).toEqual([]);
});

describe('the deadline', () => {
  test('stops a statement before it is sent and leaves what needs none', async () => {
    const answer = await ask(`{ motto book(id: "${bookId(1)}") { id } }`, {}, { deadline: Date.now() - 1 });
    expect(answer).toEqual({
      data: { motto: 'read', book: null },
      errors: [expect.objectContaining(failed('DEADLINE_EXCEEDED', 'The answer was not ready in time.', ['book']))],
    });
    expect(library.statements).toEqual([]);
  });
});

describe('counting', () => {
  const page = '{ books(first: 3, slowly: true) { nodes { title } totalCount } }';
  const answer = {
    data: { books: { nodes: [{ title: 'Book 1' }, { title: 'Book 2' }, { title: 'Book 3' }], totalCount: null } },
  };

  test('that takes longer than its budget answers null, and the page stays', async () => {
    expect(await ask(page)).toEqual(answer);
    expect(library.log).toEqual([]);
  });

  test('that waits longer than its budget for others answers null as well', async () => {
    const started = Date.now();
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(page)));
    expect(answers).toEqual(Array.from({ length: 12 }, () => answer));
    // Two connections, a second for each count: in a row they would take six.
    expect(Date.now() - started).toBeLessThan(4 * SECOND);
    expect(library.log).toEqual([]);
  });

  test('that gets its turn late is given up while it still runs', async () => {
    const running = async () =>
      library.postgres.query(
        `SELECT query FROM pg_stat_activity WHERE application_name = 'tributary-library-counts' AND state = 'active'`,
      );
    const first = [ask(page), ask(page)]; // take both connections for a second
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await ask(page)).toEqual(answer);
    expect(await running()).toHaveLength(1);
    expect(await Promise.all(first)).toEqual([answer, answer]);
  });

  test('is exact when it is fast, also right after slow ones', async () => {
    await ask(page);
    expect(await ask('{ books(first: 1) { totalCount } }')).toEqual({ data: { books: { totalCount: BOOKS } } });
    expect(library.statements).toHaveLength(1);
  });
});

const dependencies = () => ({
  databaseUrl: library.postgres.adminUrl,
  cursorKey: new Uint8Array(32),
  logger: { child: () => ({ error: () => undefined, warn: () => undefined }) } as never,
  clock: { now: () => new Date() },
});

describe('starting', () => {
  const connections = async () =>
    (await library.postgres.query(`SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'tributary-atlas%'`))
      .length;
  const atlas = { ...libraryDefinition, name: 'atlas' };

  test('with rules that do not fit the schema fails and opens nothing', async () => {
    const permissions = { ...libraryDefinition.permissions, Map: { id: everyone } };
    await expect(createSubgraph({ ...atlas, permissions }, dependencies())).rejects.toThrow(
      '"Map" has rules but is not an object type of this subgraph.',
    );
    expect(await connections()).toBe(0);
  });

  test('with a scalar that nothing implements fails, because it would let every value through', async () => {
    const sdl = `${libraryDefinition.sdl}\nscalar Mystery`;
    await expect(createSubgraph({ ...atlas, sdl }, dependencies())).rejects.toThrow(
      'Nothing implements the scalars Mystery.',
    );
    expect(await connections()).toBe(0);
  });

  test('without the database fails', async () => {
    const away = new URL(library.postgres.adminUrl);
    away.pathname = '/nowhere';
    await expect(createSubgraph(atlas, { ...dependencies(), databaseUrl: away.href })).rejects.toThrow(
      'database "nowhere" does not exist',
    );
  });

  test('with a cursor key that is too short fails', async () => {
    await expect(createSubgraph(atlas, { ...dependencies(), cursorKey: new Uint8Array(8) })).rejects.toThrow(
      'The cursor key needs at least 32 bytes.',
    );
    expect(await connections()).toBe(0);
  });

  test('and stopping closes every connection, once', async () => {
    const subgraph = await createSubgraph(atlas, dependencies());
    expect(await connections()).toBeGreaterThan(0);
    expect(await subgraph.isReady()).toBe(true);
    const stopping = subgraph.stop();
    expect(subgraph.stop()).toBe(stopping);
    await stopping;
    while ((await connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await subgraph.isReady()).toBe(false);
  });
});
