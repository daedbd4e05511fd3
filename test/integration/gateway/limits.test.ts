import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startLibrary } from './library-gateway.ts';
import type { LibraryGateway } from './library-gateway.ts';
import { composeLibrary, sdls } from './library.ts';

// Every one of these is refused before a single fetch.

let library: LibraryGateway;
beforeAll(async () => {
  library = await startLibrary({
    config: { limits: { depth: 6, selections: 500, bodyBytes: 64 * 1024, tokens: 1_000, costAnonymous: 1_000_000 } },
  });
});
afterAll(() => library[Symbol.asyncDispose]());
beforeEach(() => void library.fetches.splice(0));

async function send(
  body: string | Uint8Array,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  const response = await fetch(`${library.url}/graphql`, { method: 'POST', headers, body: body as never });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

const refusedWith = (code: string, message = expect.any(String) as string) => ({
  errors: [expect.objectContaining({ message, extensions: { code } })],
});

describe('depth', () => {
  const nested = (levels: number) => `${'similar { '.repeat(levels)}id${' }'.repeat(levels)}`;
  const tooDeep: Readonly<Record<string, string>> = {
    plain: `{ books { ${nested(5)} } }`,
    'by a named fragment': `{ books { ...Deep } } fragment Deep on Book { ${nested(5)} }`,
    'by a chain of fragments': `{ books { ...A } }
      fragment A on Book { similar { similar { ...B } } } fragment B on Book { similar { ...C } }
      fragment C on Book { similar { similar { id } } }`,
    'by an inline fragment': `{ books { ... on Book { ... { ${nested(5)} } } } }`,
    'by a fragment called like introspection': `{ books { ...__schema } } fragment __schema on Book { ${nested(5)} }`,
    'in an operation called like introspection': `query __schema { books { ${nested(5)} } }`,
    'behind a condition': `query ($no: Boolean = false) { books { similar @include(if: $no) { ${nested(4)} } } }`,
    'under aliases': `{ a: books { b: similar { c: similar { d: similar { e: similar { f: similar { id } } } } } } }`,
  };

  test.each(Object.keys(tooDeep))('of seven levels, %s', async (name) => {
    const { status, body } = await library.query(tooDeep[name]!);
    expect([status, body]).toEqual([
      400,
      refusedWith('DEPTH_LIMIT_EXCEEDED', 'Fields may be nested at most 6 levels deep.'),
    ]);
    expect(library.fetches).toEqual([]);
  });

  test('of six levels is fine', async () => {
    expect((await library.query(`{ books { ${nested(4)} } }`)).body.errors).toBeUndefined();
  });

  test('is refused again when the same text comes again', async () => {
    const query = `{ books { ${nested(6)} } }`;
    for (let time = 0; time < 2; time += 1) expect((await library.query(query)).status).toBe(400);
  });

  test('of hundreds and of thousands of levels is refused in the same way', async () => {
    await using roomy = await startLibrary();
    for (const levels of [200, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 4_500]) {
      const { status, body } = await roomy.query(`{ books { ${nested(levels)} } }`);
      expect([levels, status, body]).toEqual([levels, 400, refusedWith('DEPTH_LIMIT_EXCEEDED')]);
    }
  });
});

describe('cost', () => {
  const query = '{ books { ...Three } } fragment Three on Book { similar { similar { similar { id } } } }';

  test('above the limit of the caller is refused before any fetch, and logged', async () => {
    await using strict = await startLibrary();
    const { status, body } = await strict.query(query);
    const message =
      'The operation costs 11110 points and may cost 2000. Ask for smaller pages, nest fewer lists, or split it up.';
    expect([status, body]).toEqual([400, refusedWith('COST_LIMIT', message)]);
    expect(strict.fetches).toEqual([]);
    await expect
      .poll(() => strict.logs.find(({ msg }) => msg === 'request'))
      .toMatchObject({ status: 400, cost: 11_110 });
  });

  test('within the limit is fine', async () => {
    expect((await library.query(query)).status).toBe(200);
    await expect.poll(() => library.logs.findLast(({ msg }) => msg === 'request')).toMatchObject({ cost: 11_110 });
  });
});

test('a mutation where the schema has none', async () => {
  const books = sdls.books.replace(/type Mutation .*/, '');
  await using readOnly = await startLibrary({ deps: { supergraphSdl: composeLibrary({ books }) } });
  const { status, body } = await readOnly.query('mutation { a }');
  const message = 'A mutation cannot be run at this endpoint.';
  expect([status, body]).toEqual([400, refusedWith('OPERATION_NOT_SUPPORTED', message)]);
});

test('introspection where it is switched off', async () => {
  await using closed = await startLibrary({ config: { introspection: false } });
  const { status, body } = await closed.query('{ __schema { types { name } } }');
  const message = 'The schema cannot be read here: introspection is switched off.';
  expect([status, body.errors?.[0]]).toMatchObject([
    400,
    { message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  ]);
});

test('an operation of too many tokens', async () => {
  const { status, body } = await library.query(`{ books { ${'id '.repeat(1_000)} } }`);
  const message = 'An operation may have at most 1000 tokens.';
  expect([status, body]).toEqual([400, refusedWith('TOKEN_LIMIT_EXCEEDED', message)]);
  expect(library.fetches).toEqual([]);
});

test('fragments that multiply', async () => {
  const fragments = Array.from({ length: 20 }, (_, n) => `fragment F${n} on Book { ...F${n + 1} ...F${n + 1} }`);
  const startedAt = Date.now();
  const { status, body } = await library.query(
    `{ books { ...F0 } } ${fragments.join(' ')} fragment F20 on Book { id }`,
  );
  const message = 'With its fragments spread out an operation may select at most 500 fields.';
  expect([status, body]).toEqual([400, refusedWith('SELECTION_LIMIT_EXCEEDED', message)]);
  expect(Date.now() - startedAt).toBeLessThan(500);
  expect(library.fetches).toEqual([]);
});

test('fragments in a circle', async () => {
  const { status, body } = await library.query(
    '{ books { ...A } } fragment A on Book { ...B } fragment B on Book { ...A }',
  );
  expect([status, body]).toEqual([400, refusedWith('GRAPHQL_VALIDATION_FAILED')]);
});

test.each(['__proto__', 'constructor', 'prototype'])('an alias or a variable called %s', async (name) => {
  for (const query of [
    `{ ${name}: books { id } }`,
    `{ books { ...F } } fragment F on Book { ${name}: title }`,
    `query ($${name}: ID!) { book(id: $${name}) { id } }`,
  ]) {
    const { status, body } = await library.query(query);
    expect([status, body]).toEqual([400, refusedWith('RESERVED_NAME')]);
  }
  expect(library.fetches).toEqual([]);
});

describe('a body', () => {
  test('that is too large', async () => {
    const { status, type, body } = await send(JSON.stringify({ query: `{ books { id } } # ${'x'.repeat(64 * 1024)}` }));
    expect([status, type]).toEqual([413, 'application/json; charset=utf-8']);
    expect(body).toEqual(refusedWith('BODY_TOO_LARGE', 'The body of a request may have at most 65536 bytes.'));
  });

  test('that is too large and never says so', async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode(' '.repeat(16 * 1024)));
      },
    });
    const response = await fetch(`${library.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    }).catch(() => null); // the server may close before the client has finished sending
    if (response) expect(response.status).toBe(413);
    expect((await library.query('{ __typename }')).status).toBe(200);
  });

  type Broken = [
    title: string,
    status: number,
    code: string,
    body: string | Uint8Array,
    headers?: Record<string, string>,
  ];
  const broken: Broken[] = [
    ['of cut JSON', 400, 'BAD_REQUEST', '{"query": "{ books'],
    ['that is empty', 400, 'BAD_REQUEST', ''],
    ['of plain null', 400, 'BAD_REQUEST', 'null'],
    ['without a query', 400, 'BAD_REQUEST', '{"variables": {}}'],
    ['with a query that is no text', 400, 'BAD_REQUEST', '{"query": {"kind": "Document"}}'],
    ['with several operations', 400, 'BAD_REQUEST', '[{"query": "{ books { id } }"}, {"query": "{ books { id } }"}]'],
    ['with a __proto__ key', 400, 'BAD_REQUEST', '{"query": "{ books { id } }", "variables": {"__proto__": {"a": 1}}}'],
    [
      'of bytes that are no UTF-8',
      400,
      'BAD_REQUEST',
      Uint8Array.from([...Buffer.from('{"query": "{ books { id } } # '), 0xff, ...Buffer.from('"}')]),
    ],
    [
      'in UTF-16',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      '{"query": "{ books { id } }"}',
      { 'content-type': 'application/json; charset=utf-16' },
    ],
    [
      'that is compressed',
      400,
      'BAD_REQUEST',
      gzipSync('{"query": "{ books { id } }"}'),
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    ],
    [
      'of 10,000 nested lists',
      400,
      'BAD_USER_INPUT',
      `{"query": "query ($id: ID!) { book(id: $id) { id } }", "variables": {"id": ${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
    ],
    [
      'with a persisted query',
      200,
      'PERSISTED_QUERY_NOT_SUPPORTED',
      '{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}',
    ],
    [
      'with an unknown operation name',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      '{"query": "query A { books { id } }", "operationName": "B"}',
    ],
    [
      'with several operations and no name',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      '{"query": "query A { books { id } } query B { books { id } }"}',
    ],
    ['with broken GraphQL', 400, 'GRAPHQL_PARSE_FAILED', '{"query": "{ books"}'],
    ['with an unknown field', 400, 'GRAPHQL_VALIDATION_FAILED', '{"query": "{ bocks { id } }"}'],
  ];
  test.each(broken)('%s: %i %s', async (...[, status, code, body, headers]: Broken) => {
    const answer = await send(body, headers);
    expect([answer.status, answer.type]).toEqual([status, 'application/json; charset=utf-8']);
    expect(answer.body).toEqual(refusedWith(code));
    expect(library.fetches).toEqual([]);
  });
});

describe('a request that a foreign web page could send without asking', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
    'by POST with content type %s',
    async (type) => {
      const body = new TextEncoder().encode('{"query": "{ books { id } }"}');
      const { status, body: answer } = await send(body, type === undefined ? {} : { 'content-type': type });
      expect([status, answer]).toEqual([400, refusedWith('BAD_REQUEST')]);
      expect(library.fetches).toEqual([]);
    },
  );

  test('by GET', async () => {
    const response = await fetch(`${library.url}/graphql?query=%7Bbooks%7Bid%7D%7D`);
    expect([response.status, await response.json()]).toEqual([400, refusedWith('BAD_REQUEST')]);
    expect(library.fetches).toEqual([]);
  });
});

describe('GET', () => {
  const get = (query: string, headers = {}) =>
    fetch(`${library.url}/graphql?${new URLSearchParams({ query, operationName: 'B' }).toString()}`, {
      headers: { 'apollo-require-preflight': 'true', ...headers },
    });

  test('runs a query', async () => {
    const response = await get('query B { book(id: "1") { title } }');
    expect(await response.json()).toEqual({ data: { book: { title: 'Emma' } } });
  });

  test('does not run a mutation, whichever operation is picked by name', async () => {
    const response = await get('query A { books { id } } mutation B { rename(id: "1", title: "x") { id } }');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toEqual(refusedWith('BAD_REQUEST'));
    expect(library.fetches).toEqual([]);
  });

  test('with a content type of another world is refused', async () => {
    const response = await get('query B { books { id } }', { 'content-type': 'message/rfc822' });
    expect(response.status).toBe(415);
  });
});

test.each(['PUT', 'DELETE', 'PATCH'])('%s is no way to ask', async (method) => {
  const response = await fetch(`${library.url}/graphql`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: '{"query": "{ books { id } }"}',
  });
  expect(response.status).toBe(405);
  expect(await response.json()).toEqual(refusedWith('BAD_REQUEST'));
});

describe('variables', () => {
  const query = 'query ($of: BookInput!) { isbn(of: $of) }';
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['missing', {}, 'Variable "$of" of required type "BookInput!" was not provided.'],
    ['null', { of: null }, 'Variable "$of" got an invalid value at "of": "BookInput!" is expected.'],
    ['of the wrong kind', { of: 'hunter2' }, 'Variable "$of" got an invalid value at "of": "BookInput" is expected.'],
    [
      'of the wrong kind inside',
      { of: { id: { password: 'hunter2' } } },
      'Variable "$of" got an invalid value at "of.id".',
    ],
    [
      'of the wrong kind deep inside',
      { of: { id: '1', edition: { year: 'hunter2' } } },
      'Variable "$of" got an invalid value at "of.edition.year".',
    ],
    [
      'without a required field',
      { of: { edition: { year: 1 } } },
      'Variable "$of" got an invalid value at "of": the field "id" is required.',
    ],
    [
      'with an unknown field',
      { of: { id: '1', owner: 'hunter2' } },
      'Variable "$of" got an invalid value at "of": the field "owner" is not defined.',
    ],
  ];
  test.each(wrong)('%s are told without repeating them', async (_title, variables, message) => {
    const { status, body } = await library.query(query, { variables });
    expect([status, body]).toEqual([400, refusedWith('BAD_USER_INPUT', message)]);
    expect(JSON.stringify([body, library.logs])).not.toContain('hunter2');
    expect(library.fetches).toEqual([]);
  });
});
