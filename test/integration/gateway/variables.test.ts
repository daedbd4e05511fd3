import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { LibraryGateway } from './library-gateway.ts';
import { refusedWith, startLimitedLibrary } from './limited-library.ts';

let library: LibraryGateway;
beforeAll(async () => {
  library = await startLimitedLibrary();
});
afterAll(() => library[Symbol.asyncDispose]());
beforeEach(() => void library.fetches.splice(0));

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
