import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { bookId, BOOKS, reader, startLibrary, support } from '../library.ts';
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
