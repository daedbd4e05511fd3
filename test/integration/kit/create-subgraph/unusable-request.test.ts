import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startLibrary } from '../library.ts';
import type { Library } from '../library.ts';
import { failed } from './failed.ts';

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
