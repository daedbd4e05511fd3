import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startLibrary } from './library-gateway.ts';
import type { LibraryGateway } from './library-gateway.ts';
import { composeLibrary, sdls } from './library.ts';
import { refusedWith, startLimitedLibrary } from './limited-library.ts';

// Every one of these is refused before a single fetch.

let library: LibraryGateway;
beforeAll(async () => {
  library = await startLimitedLibrary();
});
afterAll(() => library[Symbol.asyncDispose]());
beforeEach(() => void library.fetches.splice(0));

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
