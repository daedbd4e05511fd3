import { expect } from 'vitest';

import type { ConnectionPage, ListField, PageRequest } from './page-query.ts';

// Walks a list page by page and holds every page against the list as it should be: its rows, their order, and what it says about
// its neighbors. Whoever walks to the end has met every row exactly once.

export interface ExpectedList extends ListField {
  /** What tells the rows apart (`keyOf`), in the order of the list. */
  expected: readonly string[];
  /** By default the id. */
  keyOf?: (node: never) => string;
  size: number;
}

/** A walk hands out the page it wants next and is given it. */
export type Walk = Generator<PageRequest, void, ConnectionPage>;

export function* forwardWalk(list: ExpectedList): Walk {
  const { expected, size } = list;
  for (let start = 0, after: string | null = null; start === 0 || start < expected.length; start += size) {
    const page: ConnectionPage = yield { first: size, cursor: after, count: start === 0 };
    expectPage(page, list, start, Math.min(start + size, expected.length));
    after = page.pageInfo.endCursor;
  }
}

export function* backwardWalk(list: ExpectedList): Walk {
  const { expected, size } = list;
  const total = expected.length;
  for (let end = total, before: string | null = null; end === total || end > 0; end -= size) {
    const page: ConnectionPage = yield { last: size, cursor: before, count: end === total };
    expectPage(page, list, Math.max(end - size, 0), end);
    before = page.pageInfo.startCursor;
  }
}

function expectPage(page: ConnectionPage, list: ExpectedList, start: number, end: number): void {
  const { expected, field, args, parent, keyOf = ({ id }: { id: string }) => id } = list;
  const where = `${parent?.type ?? 'Query'}.${field}(${args ?? ''}) from row ${start} to ${end}`;
  const rows: readonly unknown[] = page.nodes ?? page.edges!.map(({ node }) => node);
  expect(
    rows.map((row) => keyOf(row as never)),
    where,
  ).toEqual(expected.slice(start, end));
  const { hasNextPage, hasPreviousPage, ...ends } = page.pageInfo;
  expect({ hasNextPage, hasPreviousPage }, where).toEqual({
    hasNextPage: end < expected.length,
    hasPreviousPage: start > 0,
  });
  const cursors = page.edges?.map(({ cursor }) => cursor) ?? rows.map(() => expect.any(String) as unknown);
  expect(ends, where).toEqual({ startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null });
  if (page.totalCount !== undefined) expect(page.totalCount, `count of ${where}`).toBe(expected.length);
}
