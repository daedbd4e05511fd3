import { expect, test } from 'vitest';

import { createCursorCodec, invalidCursor } from '@tributary/kit/connection/cursor';
import { conflictingPageArguments, invalidPageSize, parsePage } from '@tributary/kit/connection/page';
import type { PageArguments } from '@tributary/kit/connection/page';

const LIST = 'orders:PLACED_AT:DESC';
const cursors = createCursorCodec(new Uint8Array(32));
const position = { key: null, id: '01919191-9191-7919-8919-191919191919' };
const cursor = cursors.encode(LIST, position);
const parse = (args: PageArguments) => parsePage(args, LIST, cursors);
const firstTwenty = { size: 20, direction: 'forward', after: null, before: null };

test('without arguments a page is the first 20 rows', () => {
  expect(parse({})).toEqual(firstTwenty);
});

test('null means the same as leaving an argument out', () => {
  expect(parse({ first: null, after: null, last: null, before: null })).toEqual(firstTwenty);
  expect(parse({ first: null, last: 3 })).toEqual({ ...firstTwenty, size: 3, direction: 'backward' });
  expect(parse({ first: 3, last: null })).toEqual({ ...firstTwenty, size: 3 });
});

test('first and last choose size and direction', () => {
  for (const size of [1, 2, 99, 100]) {
    expect(parse({ first: size })).toEqual({ ...firstTwenty, size });
    expect(parse({ last: size })).toEqual({ ...firstTwenty, size, direction: 'backward' });
  }
});

test('after and before are read together with either direction', () => {
  expect(parse({ after: cursor })).toEqual({ ...firstTwenty, after: position });
  expect(parse({ before: cursor })).toEqual({ ...firstTwenty, before: position });
  expect(parse({ last: 5, after: cursor, before: cursor })).toEqual({
    size: 5,
    direction: 'backward',
    after: position,
    before: position,
  });
});

test.each([0, -1, 101, 1_000_000_000, -2_147_483_648, 2_147_483_647])('a page of %i rows is refused', (value) => {
  expect(() => parse({ first: value })).toThrow(invalidPageSize({ argument: 'first', value }));
  expect(() => parse({ last: value })).toThrow(invalidPageSize({ argument: 'last', value }));
  expect(invalidPageSize({ argument: 'first', value })).toMatchObject({
    code: 'INVALID_PAGE_SIZE',
    message: `"first" must be from 1 to 100, not ${value}.`,
  });
});

test('first together with last is refused, whatever their values', () => {
  expect(() => parse({ first: 1, last: 1 })).toThrow(conflictingPageArguments());
  expect(() => parse({ first: 0, last: 0 })).toThrow(conflictingPageArguments());
  expect(conflictingPageArguments().code).toBe('CONFLICTING_PAGE_ARGUMENTS');
});

test('a cursor of another list and text that is no cursor are refused at either end', () => {
  for (const foreign of [cursors.encode('orders:PLACED_AT:ASC', position), 'abc', '']) {
    expect(() => parse({ after: foreign })).toThrow(invalidCursor());
    expect(() => parse({ before: foreign })).toThrow(invalidCursor());
  }
  expect(invalidCursor().code).toBe('INVALID_CURSOR');
});
