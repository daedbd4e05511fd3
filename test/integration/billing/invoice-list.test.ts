import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { organizations, people } from '../../kit/fixture.ts';
import { NOW, person, startBillingWorld } from './billing-world.ts';
import type { BillingWorld } from './billing-world.ts';

const TODAY = NOW.toISOString().slice(0, 10);

let world: BillingWorld;
beforeAll(async () => {
  world = await startBillingWorld();
  await world.database.query(`ALTER TABLE billing.invoices DISABLE TRIGGER USER`);
  await world.database.query(`TRUNCATE billing.invoices CASCADE`);
  await world.database.query(`ALTER TABLE billing.invoices ENABLE TRIGGER USER`);
  const day = (date: string) => `${date}T10:00:00.000Z`;
  const add = (number: string, created: string, updated: string, row: Record<string, unknown>) =>
    world.addInvoice({ number, created_at: day(created), updated_at: day(updated), ...row });
  const draft = { number: null, status: 'DRAFT' };
  await add('a', '2026-01-01', '2026-03-09', { due_on: '2026-05-31', issued_on: '2026-01-01' });
  await add('b', '2026-01-02', '2026-03-08', { due_on: TODAY, issued_on: '2026-01-02' });
  await add('c', '2026-01-03', '2026-03-07', {
    due_on: '2026-05-31',
    issued_on: '2026-01-03',
    paid_minor: 1200,
    status: 'PAID',
  });
  await add('d', '2026-01-04', '2026-03-06', {
    due_on: '2026-06-14',
    issued_on: '2026-01-04',
    organization_id: organizations.buying,
  });
  await add('e', '2026-01-05', '2026-03-05', {
    due_on: '2026-02-01',
    issued_on: '2026-01-05',
    customer_id: people.buyer,
    status: 'VOID',
    close_reason: 'reissued',
  });
  await add('draft 1', '2026-01-06', '2026-03-04', { ...draft, total_minor: 1300, tax_minor: 300 });
  await add('draft 2', '2026-01-07', '2026-03-03', { ...draft, total_minor: 1400, tax_minor: 400 });
});
afterAll(() => world[Symbol.asyncDispose]());

// Drafts have no number: they are told by their total.
const NAMES: Record<string, string> = { '1300': 'draft 1', '1400': 'draft 2' };
interface Listed {
  invoices: {
    edges: { cursor: string; node: { number: string | null; total: { amountMinor: string } } }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
    totalCount: number;
  };
}

async function list(args: Record<string, unknown>) {
  const { data, errors } = await world.ask<Listed>(
    person('finance'),
    `query ($filter: InvoiceFilter, $sort: InvoiceSort, $first: Int, $after: String, $last: Int, $before: String) {
      invoices(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { number total { amountMinor } } } pageInfo { hasNextPage hasPreviousPage } totalCount } }`,
    args,
  );
  expect(errors).toEqual([]);
  const { edges, pageInfo, totalCount } = data.invoices;
  const names = edges.map(({ node }) => node.number ?? NAMES[node.total.amountMinor]);
  return { names, totalCount, ...pageInfo, start: edges[0]?.cursor, end: edges.at(-1)?.cursor };
}

const orders: [field: string, direction: string, names: string[]][] = [
  ['CREATED_AT', 'ASC', ['a', 'b', 'c', 'd', 'e', 'draft 1', 'draft 2']],
  ['CREATED_AT', 'DESC', ['draft 2', 'draft 1', 'e', 'd', 'c', 'b', 'a']],
  ['UPDATED_AT', 'ASC', ['draft 2', 'draft 1', 'e', 'd', 'c', 'b', 'a']],
  ['UPDATED_AT', 'DESC', ['a', 'b', 'c', 'd', 'e', 'draft 1', 'draft 2']],
  // Drafts have no due date and come last, whichever way the list runs.
  ['DUE_ON', 'ASC', ['e', 'a', 'c', 'd', 'b', 'draft 1', 'draft 2']],
  ['DUE_ON', 'DESC', ['b', 'd', 'c', 'a', 'e', 'draft 2', 'draft 1']],
];

describe.each(orders)('sorted by %s %s', (field, direction, names) => {
  const sort = { field, direction };

  test('walking forward meets every invoice once, in order', async () => {
    const met: unknown[] = [];
    for (let after: string | undefined, more = true; more;) {
      const page = await list({ sort, first: 2, after });
      met.push(...page.names);
      expect(page.hasPreviousPage).toBe(after !== undefined);
      [after, more] = [page.end, page.hasNextPage];
    }
    expect(met).toEqual(names);
  });

  test('walking backward meets every invoice once, in order', async () => {
    const met: unknown[] = [];
    for (let before: string | undefined, more = true; more;) {
      const page = await list({ sort, last: 2, before });
      met.unshift(...page.names);
      expect(page.hasNextPage).toBe(before !== undefined);
      [before, more] = [page.start, page.hasPreviousPage];
    }
    expect(met).toEqual(names);
  });
});

test('without a sort the newest come first', async () => {
  expect((await list({ first: 1 })).names).toEqual(['draft 2']);
});

test.each<[filter: object, names: string[]]>([
  [{}, ['a', 'b', 'c', 'd', 'e', 'draft 1', 'draft 2']],
  [{ statusIn: ['OPEN'] }, ['a', 'b', 'd']],
  [{ statusIn: ['VOID', 'DRAFT'] }, ['e', 'draft 1', 'draft 2']],
  [{ statusIn: [] }, []],
  // Due today is not yet overdue; paid and void invoices never are.
  [{ overdue: true }, ['a', 'd']],
  [{ overdue: false }, ['b', 'c', 'e', 'draft 1', 'draft 2']],
  [{ overdue: true, statusIn: ['PAID'] }, []],
  [{ organizationId: toGlobalId('Organization', organizations.buying) }, ['d']],
  [{ customerId: toGlobalId('User', people.buyer) }, ['e']],
  [{ number: 'c' }, ['c']],
  [{ issuedOn: { from: '2026-01-02', to: '2026-01-04' } }, ['b', 'c']],
  [{ issuedOn: { from: '2026-01-05' } }, ['e']],
  [{ issuedOn: { to: '2026-01-02' } }, ['a']],
  [{ updatedAt: { from: '2026-03-08T10:00:00.000Z' } }, ['a', 'b']],
  [{ updatedAt: { to: '2026-03-04T10:00:00.000Z' } }, ['draft 2']],
  [{ updatedAt: { from: '2026-03-05T12:00:00+02:00', to: '2026-03-06T10:00:00.001Z' } }, ['d', 'e']],
  [{ statusIn: ['OPEN'], overdue: false, issuedOn: { from: '2026-01-01' } }, ['b']],
])('the filter %j keeps %j', async (filter, names) => {
  const found = await list({ filter, sort: { field: 'CREATED_AT', direction: 'ASC' } });
  expect({ names: found.names, totalCount: found.totalCount }).toEqual({ names, totalCount: names.length });
});

test('a list by time of change withholds the newest two seconds, other lists do not', async () => {
  const id = await world.addInvoice({ number: 'fresh', updated_at: new Date(), created_at: '2025-01-01' });
  const since = { filter: { updatedAt: { from: '2026-06-01T00:00:00.000Z' } } };
  expect(await list({ ...since, sort: { field: 'UPDATED_AT', direction: 'ASC' } })).toMatchObject({
    names: [],
    totalCount: 0,
  });
  expect((await list(since)).names).toEqual(['fresh']);
  await world.database.query(`UPDATE billing.invoices SET updated_at = now() - interval '3 seconds' WHERE id = $1`, [
    id,
  ]);
  expect((await list({ ...since, sort: { field: 'UPDATED_AT', direction: 'ASC' } })).names).toEqual(['fresh']);
});

test.each<[what: string, args: string, code: string]>([
  ['no item', 'first: 0', 'INVALID_PAGE_SIZE'],
  ['more than a hundred items', 'first: 101', 'INVALID_PAGE_SIZE'],
  ['both ends', 'first: 1, last: 1', 'CONFLICTING_PAGE_ARGUMENTS'],
  ['a made-up cursor', 'after: "abc"', 'INVALID_CURSOR'],
  [
    'the id of a user as organization',
    `filter: { organizationId: "${toGlobalId('User', people.buyer)}" }`,
    'INVALID_ID',
  ],
  ['a day that does not exist', 'filter: { issuedOn: { from: "2026-02-30" } }', 'BAD_USER_INPUT'],
])('a list with %s is refused before any SQL', async (_what, args, code) => {
  const { errors, sql } = await world.ask(person('finance'), `{ invoices(${args}) { nodes { id } totalCount } }`);
  expect(errors.map((error) => error.split(' ').at(-1))).toEqual([code]);
  expect(sql).toEqual([]);
});

test('a cursor of one sort is refused by another', async () => {
  const { end } = await list({ sort: { field: 'DUE_ON', direction: 'ASC' }, first: 1 });
  const { errors } = await world.ask(person('finance'), `{ invoices(after: "${end}") { nodes { id } } }`);
  expect(errors).toEqual(['invoices INVALID_CURSOR']);
});

test('an invoice is asked for by id or by number, not by both or neither', async () => {
  for (const args of ['', '(id: null)', '(id: "x", number: "y")']) {
    const { errors, sql } = await world.ask(person('finance'), `{ invoice${args} { id } }`);
    expect({ errors, sql }).toEqual({ errors: ['invoice BAD_USER_INPUT'], sql: [] });
  }
});
