import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { nestedConnection } from '@tributary/kit';
import type { Connection, PageArguments, RequestContext } from '@tributary/kit';

import { booksQuery, EMPTY_SHELF, SHELF_COUNT, shelfId, SORTS, startLibrary } from './books.ts';
import type { Book, Library, ListOptions } from './books.ts';

const SHELVES = [...Array.from({ length: SHELF_COUNT }, (_, number) => shelfId(number)), EMPTY_SHELF];

let library: Library;
beforeAll(async () => {
  library = await startLibrary();
});
afterAll(async () => {
  await library[Symbol.asyncDispose]();
});

const below = (context: RequestContext, shelf: string, options: ListOptions, args: PageArguments): Connection<Book> =>
  nestedConnection<Book>(context, 'Shelf.books', shelf, { ...args, ...options.sort }, () => booksQuery(options));
const idsOf = (rows: readonly Book[]) => rows.map(({ id }) => id);
const expectedOn = async (shelves: readonly string[], options: ListOptions) => {
  const books = await library.expected(options);
  return shelves.map((shelf) => idsOf(books.filter((book) => book.shelfId === shelf)));
};

describe.each(SORTS)('lists below parents by $key $direction', (sort) => {
  test.each([1, 2, 3])('give every parent its own page in one statement, with %i arms', async (arms) => {
    const options = { sort, arms, filtered: arms === 2 };
    const expected = await expectedOn(SHELVES, options);
    for (const args of [{ first: 7 }, { last: 7 }, { first: 100 }]) {
      const { context, statements } = library.request();
      const lists = SHELVES.map((shelf) => below(context, shelf, options, args));
      const pages = await Promise.all(lists.map(async (list) => idsOf(await list.nodes())));
      const infos = await Promise.all(lists.map((list) => list.pageInfo()));
      expect(statements).toHaveLength(1);
      const counts = await Promise.all(lists.map((list) => list.totalCount()));
      expect(statements).toHaveLength(2);

      expect(counts).toEqual(expected.map((ids) => ids.length));
      expect(pages).toEqual(expected.map((ids) => ('last' in args ? ids.slice(-args.last) : ids.slice(0, args.first))));
      const size = 'last' in args ? args.last : args.first;
      expect(infos.map((info) => ('last' in args ? info.hasPreviousPage : info.hasNextPage))).toEqual(
        expected.map((ids) => ids.length > size),
      );
    }
  });

  test('meet each visible row of a parent once and in order, forward and backward', async () => {
    const options = { sort, arms: 3, filtered: false };
    for (const shelf of [shelfId(0), shelfId(17)]) {
      const [expected = []] = await expectedOn([shelf], options);
      expect(expected.length).toBeGreaterThan(20);
      for (const size of [1, 8]) {
        expect(await walk(options, shelf, 'forward', size)).toEqual(expected);
        expect(await walk(options, shelf, 'backward', size)).toEqual(expected);
      }
    }
  });
});

async function walk(options: ListOptions, shelf: string, direction: 'forward' | 'backward', size: number) {
  const pages: string[][] = [];
  let from: string | null = null;
  for (;;) {
    const args: PageArguments = direction === 'forward' ? { first: size, after: from } : { last: size, before: from };
    const page = below(library.request().context, shelf, options, args);
    const ids = idsOf(await page.nodes());
    if (direction === 'forward') pages.push(ids);
    else pages.unshift(ids);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = await page.pageInfo();
    if (!(direction === 'forward' ? hasNextPage : hasPreviousPage)) return pages.flat();
    from = direction === 'forward' ? endCursor : startCursor;
  }
}

const byPages: ListOptions = { sort: { key: 'pages', direction: 'DESC' }, arms: 2, filtered: false };

test('the same field with other arguments is another statement, with the same arguments it is not', async () => {
  const { context, statements } = library.request();
  const lists = [{ first: 2 }, { first: 3 }, { first: 2 }].map((args) => below(context, shelfId(1), byPages, args));
  const [two, three, again] = await Promise.all(lists.map((list) => list.nodes()));
  expect([two!.length, three!.length]).toEqual([2, 3]);
  expect(again).toEqual(two);
  expect(statements).toHaveLength(2);
});

test('amounts among the arguments tell lists apart', async () => {
  const { context, statements } = library.request();
  const atLeast = (minimum: bigint) =>
    nestedConnection<Book>(context, 'Shelf.books', shelfId(1), { first: 1, minimum } as PageArguments, () =>
      booksQuery(byPages),
    ).nodes();
  await Promise.all([atLeast(1n), atLeast(2n), atLeast(1n)]);
  expect(statements).toHaveLength(2);
});

test('a caller without an arm gets empty pages and counts of zero, without any statement', async () => {
  const { context, statements } = library.request();
  const list = nestedConnection<Book>(context, 'Shelf.books', shelfId(1), {}, () => ({
    ...booksQuery(byPages),
    arms: [],
  }));
  expect([await list.nodes(), await list.totalCount()]).toEqual([[], 0]);
  expect(statements).toEqual([]);
});

test('a paging mistake is refused for every parent, before any statement', () => {
  const { context, statements } = library.request();
  for (const shelf of [shelfId(1), shelfId(2)])
    expect(() => below(context, shelf, byPages, { first: 0 })).toThrow(
      expect.objectContaining({ code: 'INVALID_PAGE_SIZE' }),
    );
  expect(statements).toEqual([]);
});
