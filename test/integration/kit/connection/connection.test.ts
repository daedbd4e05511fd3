import fc from 'fast-check';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connection } from '@tributary/kit';
import type { Connection, KeyRange, PageArguments } from '@tributary/kit';

import { ARM_COUNTS, booksQuery, nothingVisible, SORTS, startLibrary } from './books.ts';
import type { Book, Library, ListOptions, SortKey } from './books.ts';

let library: Library;
beforeAll(async () => {
  library = await startLibrary();
});
afterAll(async () => {
  await library[Symbol.asyncDispose]();
});

const open = (options: ListOptions, args: PageArguments): Connection<Book> =>
  connection<Book>(library.request().context, booksQuery(options), args);
const idsOf = (rows: readonly Book[]) => rows.map(({ id }) => id);
const expectedIds = async (options: ListOptions) => idsOf(await library.expected(options));

/** Sizes that are random but the same in every run of a test. */
function sizesFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return 1 + ((state >> 8) % 100);
  };
}

/** Ids of the whole list, page by page. */
async function walk(
  options: ListOptions,
  direction: 'forward' | 'backward',
  nextSize: () => number,
): Promise<string[]> {
  const pages: string[][] = [];
  let from: string | null = null;
  for (;;) {
    const size = nextSize();
    const page: Connection<Book> = open(
      options,
      direction === 'forward' ? { first: size, after: from } : { last: size, before: from },
    );
    const info = await page.pageInfo();
    const ids = idsOf(await page.nodes());
    const [more, back] =
      direction === 'forward' ? [info.hasNextPage, info.hasPreviousPage] : [info.hasPreviousPage, info.hasNextPage];
    expect(back).toBe(from !== null);
    if (more) expect(ids).toHaveLength(size);
    if (direction === 'forward') pages.push(ids);
    else pages.unshift(ids);
    if (!more) return pages.flat();
    from = direction === 'forward' ? info.endCursor : info.startCursor;
  }
}

describe.each(SORTS)('a list by $key $direction', (sort) => {
  const lists = ARM_COUNTS.map((arms) => ({ sort, arms, filtered: arms === 2 }));

  test('meets each visible row once and in order, forward and backward, with pages of any size', async () => {
    for (const [index, options] of lists.entries()) {
      const expected = await expectedIds(options);
      expect(expected.length).toBeGreaterThan(400);
      expect(await walk(options, 'forward', sizesFrom(index))).toEqual(expected);
      expect(await walk(options, 'backward', sizesFrom(index + 100))).toEqual(expected);
    }
  });

  test.each<Partial<ListOptions>>([{ inParts: true }, { sortsMatches: true }, { inParts: true, sortsMatches: true }])(
    'is the same list, read with %o',
    async (reading) => {
      for (const arms of ARM_COUNTS) {
        const options = { sort, arms, filtered: true, ...reading };
        const expected = await expectedIds(options);
        expect(await walk(options, 'forward', sizesFrom(arms))).toEqual(expected);
        expect(await walk(options, 'backward', sizesFrom(arms + 100))).toEqual(expected);
        expect(await open(options, { first: 1 }).totalCount()).toBe(expected.length);
      }
    },
  );

  test('counts all its rows on every page', async () => {
    for (const options of lists) {
      const total = (await expectedIds(options)).length;
      expect(await open(options, { first: 1 }).totalCount()).toBe(total);
      const { endCursor } = await open(options, { first: 100 }).pageInfo();
      expect(await open(options, { last: 3, after: endCursor }).totalCount()).toBe(total);
    }
  });

  test('between two rows holds exactly the rows between them, from either end, also when the end comes first', async () => {
    const options = { sort, arms: 2, filtered: true };
    const expected = await expectedIds(options);
    const cursors = await cursorsOf(options, expected.length);
    const place = fc.nat(expected.length - 1);
    const size = fc.integer({ min: 1, max: 100 });
    await fc.assert(
      fc.asyncProperty(place, fc.oneof(place, fc.integer({ min: -3, max: 60 })), size, async (start, other, count) => {
        // Near neighbors are as likely as far ones.
        const end = Math.max(0, Math.min(expected.length - 1, other < 0 ? start + other : other));
        const bounds = { after: cursors[start]!, before: cursors[end]! };
        const between = expected.slice(start + 1, Math.max(start + 1, end));
        expect(idsOf(await open(options, { ...bounds, first: count }).nodes())).toEqual(between.slice(0, count));
        expect(idsOf(await open(options, { ...bounds, last: count }).nodes())).toEqual(between.slice(-count));
      }),
      { numRuns: 20 },
    );
    const [first, last] = [cursors[0]!, cursors.at(-1)!];
    expect(await open(options, { after: last, before: first }).nodes()).toEqual([]);
    expect(await open(options, { after: last }).nodes()).toEqual([]);
    expect(await open(options, { last: 5, before: first }).nodes()).toEqual([]);
  });
});

async function cursorsOf(options: ListOptions, total: number): Promise<string[]> {
  const cursors: string[] = [];
  while (cursors.length < total)
    cursors.push(...(await open(options, { first: 100, after: cursors.at(-1) ?? null }).edges()).map((e) => e.cursor));
  return cursors;
}

// Books were changed within 11 ms and bought within 6 days; some were never bought.
const RANGES: [SortKey, KeyRange][] = [
  ['changed_at', { from: new Date('2026-03-29T01:00:00.000Z'), to: new Date('2026-03-29T01:00:00.006Z') }],
  ['changed_at', { from: new Date('2026-03-29T01:00:00.002Z') }],
  ['changed_at', { from: new Date('2026-03-29T01:00:00.001Z'), below: sql`timestamptz '2026-03-29 01:00:00.007Z'` }],
  ['changed_at', { to: new Date('2026-03-29T01:00:00.005Z'), below: sql`timestamptz '2026-03-29 01:00:00.003Z'` }],
  ['bought_on', { from: '2024-02-28', to: '2024-03-02' }],
  ['bought_on', { to: '2024-03-01' }],
  ['bought_on', { from: '2024-03-03' }],
  ['bought_on', {}],
];

describe.each(
  RANGES.flatMap(([key, within]) => (['ASC', 'DESC'] as const).map((direction) => ({ key, direction, within }))),
)('a list by $key $direction, its key within $within', ({ key, direction, within }) => {
  const options: ListOptions = { sort: { key, direction }, arms: 2, filtered: true, within };

  test('holds the rows within, forward and backward, and counts them', async () => {
    const expected = await expectedIds(options);
    expect(expected.length).toBeGreaterThan(100);
    expect(await walk(options, 'forward', sizesFrom(1))).toEqual(expected);
    expect(await walk(options, 'backward', sizesFrom(2))).toEqual(expected);
    expect(await open(options, {}).totalCount()).toBe(expected.length);
  });

  test('holds the rows on one side of any place of the whole list, also of one outside', async () => {
    // Cursors are given out below the moving bound only.
    const whole: ListOptions = { ...options, within: within.below ? { below: within.below } : {} };
    const all = await expectedIds(whole);
    const expected = new Set(await expectedIds(options));
    const cursors = await cursorsOf(whole, all.length);
    for (let place = 0; place < all.length; place += 7) {
      const beyond = all.slice(place + 1).filter((id) => expected.has(id));
      const before = all.slice(0, place).filter((id) => expected.has(id));
      const cursor = cursors[place]!;
      expect(idsOf(await open(options, { first: 30, after: cursor }).nodes())).toEqual(beyond.slice(0, 30));
      expect(idsOf(await open(options, { last: 30, before: cursor }).nodes())).toEqual(before.slice(-30));
      expect(idsOf(await open(options, { first: 30, before: cursor }).nodes())).toEqual(before.slice(0, 30));
    }
  });
});

const byTitle: ListOptions = { sort: { key: 'title', direction: 'ASC' }, arms: 2, filtered: false };

test('edges, nodes and page info of a page are one statement, and the count one more, when it is asked for', async () => {
  const { context, statements } = library.request();
  const page = connection<Book>(context, booksQuery(byTitle), { first: 3 });
  expect(statements).toEqual([]);
  const [edges, nodes, info] = await Promise.all([page.edges(), page.nodes(), page.pageInfo()]);
  expect(statements).toHaveLength(1);
  expect(edges.map((edge) => edge.node)).toEqual(nodes);
  expect(info).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: edges[0]!.cursor,
    endCursor: edges[2]!.cursor,
  });
  await page.totalCount();
  expect(statements).toHaveLength(2);
});

test('a page that holds exactly the rest of the list has no next page', async () => {
  const expected = await expectedIds(byTitle);
  const cursors = await cursorsOf(byTitle, expected.length);
  const rest = open(byTitle, { first: 20, after: cursors.at(-21)! });
  expect(idsOf(await rest.nodes())).toEqual(expected.slice(-20));
  expect(await rest.pageInfo()).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect(await open(byTitle, { first: 19, after: cursors.at(-21)! }).pageInfo()).toMatchObject({ hasNextPage: true });
});

test('a caller without an arm gets an empty page and a count of zero, without any statement', async () => {
  const { context, statements } = library.request();
  const page = connection<Book>(context, nothingVisible(booksQuery(byTitle)), {});
  expect([await page.nodes(), await page.edges(), await page.totalCount()]).toEqual([[], [], 0]);
  expect(await page.pageInfo()).toEqual({
    hasNextPage: false,
    hasPreviousPage: false,
    startCursor: null,
    endCursor: null,
  });
  expect(statements).toEqual([]);
});

test.each<[string, PageArguments]>([
  ['INVALID_PAGE_SIZE', { first: 0 }],
  ['INVALID_PAGE_SIZE', { last: 101 }],
  ['CONFLICTING_PAGE_ARGUMENTS', { first: 1, last: 1 }],
  ['INVALID_CURSOR', { after: 'made up' }],
])('a paging mistake is %s at once, before any statement', (code, args) => {
  const { context, statements } = library.request();
  expect(() => connection<Book>(context, booksQuery(byTitle), args)).toThrow(expect.objectContaining({ code }));
  expect(statements).toEqual([]);
});

test('a cursor of one sort is refused by every other', async () => {
  const { endCursor } = await open(byTitle, {}).pageInfo();
  const { context } = library.request();
  for (const sort of SORTS.filter(({ key, direction }) => key !== 'title' || direction !== 'ASC'))
    expect(() => connection<Book>(context, booksQuery({ ...byTitle, sort }), { after: endCursor })).toThrow(
      expect.objectContaining({ code: 'INVALID_CURSOR' }),
    );
});

test('a row that is gone still marks its place', async () => {
  const options: ListOptions = { ...byTitle, filtered: true };
  const unfiltered = await expectedIds(byTitle);
  const remaining = await expectedIds(options);
  const place = unfiltered.findIndex((id) => !remaining.includes(id));
  const cursor = (await cursorsOf(byTitle, unfiltered.length))[place]!;
  const after = unfiltered.slice(place + 1).filter((id) => remaining.includes(id));
  expect(idsOf(await open(options, { first: 100, after: cursor }).nodes())).toEqual(after.slice(0, 100));
});
