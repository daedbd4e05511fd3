import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { demoFacts, DEVELOPMENT_ISSUER, personas } from '@tributary/app/seed/index';
import { toGlobalId } from '@tributary/kit/ids';
import type { IdType } from '@tributary/kit/ids';

import { startTestGraph } from '../../kit/graph.ts';
import type { TestGraph } from '../../kit/graph.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { SEED_TIMEOUT_MS } from './paging-world.ts';

// What is wrong with the arguments of a list is told at once, by every list, and costs no statement.

let database: TestDatabase;
let graph: TestGraph;
const ids: Partial<Record<IdType, string>> = {};
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  graph = await startTestGraph({ database, issuer: DEVELOPMENT_ISSUER });
  const owner = `(SELECT id FROM users.users WHERE oidc_subject = '${personas.buyer.subject}')`;
  for (const [type, text] of [
    ['User', `SELECT ${owner} AS id`],
    ['Organization', `SELECT id FROM users.organizations WHERE name = '${demoFacts.buyingOrganization}'`],
    ['Order', `SELECT id FROM orders.orders WHERE buyer_id = ${owner} AND placed_at IS NOT NULL ORDER BY id LIMIT 1`],
    ['Invoice', `SELECT id FROM billing.invoices WHERE customer_id = ${owner} ORDER BY id LIMIT 1`],
    ['Product', `SELECT id FROM orders.products ORDER BY id LIMIT 1`],
  ] as const)
    ids[type] = toGlobalId(type, (await database.query<{ id: string }>(text))[0]!.id);
  await database.query(
    `INSERT INTO users.api_clients (id, organization_id, client_id, name, scopes, status, rate_limit_points)
      SELECT gen_random_uuid(), id, 'of-nordlicht', 'Client', '{}', 'ACTIVE', 10 FROM users.organizations WHERE name = $1`,
    [demoFacts.buyingOrganization],
  );
}, SEED_TIMEOUT_MS);
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const as = { subject: personas.buyer.subject };
const ask = (query: string) => graph.ask({ query, as });

interface List {
  field: string;
  /** The type it stands below. */
  parent?: IdType;
  /** Another field of the parent, whose statements the list may send before it looks at its arguments. */
  besides?: string;
  sorts?: readonly string[];
}

const LISTS: readonly List[] = [
  { field: 'products' },
  { field: 'orders', sorts: ['PLACED_AT', 'UPDATED_AT'] },
  { field: 'invoices', sorts: ['CREATED_AT', 'DUE_ON', 'UPDATED_AT'] },
  { parent: 'User', field: 'orders', besides: 'id', sorts: ['PLACED_AT', 'UPDATED_AT'] },
  { parent: 'Organization', field: 'orders', besides: 'id', sorts: ['PLACED_AT', 'UPDATED_AT'] },
  { parent: 'User', field: 'invoices', besides: 'id', sorts: ['CREATED_AT', 'DUE_ON', 'UPDATED_AT'] },
  { parent: 'Organization', field: 'invoices', besides: 'id', sorts: ['CREATED_AT', 'DUE_ON', 'UPDATED_AT'] },
  { parent: 'User', field: 'memberships', besides: 'createdAt' },
  { parent: 'Organization', field: 'members', besides: 'createdAt' },
  { parent: 'Organization', field: 'apiClients', besides: 'createdAt' },
  { parent: 'Order', field: 'lines', besides: 'createdAt' },
  { parent: 'Order', field: 'timeline', besides: 'createdAt' },
  { parent: 'Invoice', field: 'lines', besides: 'createdAt' },
];

const nameOf = ({ parent, field }: List) => `${parent ?? 'Query'}.${field}`;

const below = (parent: IdType, selection: string) =>
  `{ node(id: "${ids[parent]}") { ... on ${parent} { ${selection} } } }`;

function document({ field, parent }: List, args: string): string {
  const list = `${field}(${args}) { edges { cursor } pageInfo { hasNextPage } totalCount }`;
  return parent ? below(parent, list) : `{ ${list} }`;
}

/** What was sent since the last call. Who the caller is the gateway asks every now and then; it is not part of the operation. */
const takeStatements = () =>
  graph
    .takeTraffic()
    .statements.map(({ text }) => text)
    .filter((text) => !text.includes('u.oidc_subject = '));

async function statementsOf(query: string): Promise<string[]> {
  takeStatements();
  const { errors } = await ask(query);
  expect(errors).toBeUndefined();
  return takeStatements();
}

const allowed = new Map<string, string[]>();
async function allowedStatements({ parent, besides }: List): Promise<string[]> {
  if (!parent || !besides) return [];
  const key = `${parent}.${besides}`;
  const known = allowed.get(key) ?? (await statementsOf(below(parent, besides)));
  allowed.set(key, known);
  return known;
}

async function expectRefusal(list: List, args: string, code: string): Promise<void> {
  const expected = await allowedStatements(list);
  takeStatements();
  const { errors } = await ask(document(list, args));
  const sent = takeStatements();
  expect(errors, args).toEqual([
    expect.objectContaining({
      path: list.parent ? ['node', list.field] : [list.field],
      extensions: expect.objectContaining({ code }) as unknown,
    }),
  ]);
  expect(sent, args).toEqual(expected);
}

const cursors = new Map<string, string>();
async function cursorOf(list: List, args = 'first: 1'): Promise<string> {
  const query = document(list, args);
  const known = cursors.get(query);
  if (known !== undefined) return known;
  const { data, errors } = await ask(query);
  expect(errors).toBeUndefined();
  const found = list.parent ? (data!.node as Record<string, unknown>) : data!;
  const { cursor } = (found[list.field] as { edges: { cursor: string }[] }).edges[0]!;
  cursors.set(query, cursor);
  return cursor;
}

describe.each(LISTS.map((list) => [nameOf(list), list] as const))('%s', (_name, list) => {
  test('refuses page sizes that are not from 1 to 100', async () => {
    for (const args of ['first: 0', 'first: 101', 'first: -1', 'last: 0', 'last: 101', 'last: -2147483648'])
      await expectRefusal(list, args, 'INVALID_PAGE_SIZE');
  });

  test('refuses "first" together with "last"', async () => {
    await expectRefusal(list, 'first: 1 last: 1', 'CONFLICTING_PAGE_ARGUMENTS');
    await expectRefusal(list, 'first: 0 last: 101', 'CONFLICTING_PAGE_ARGUMENTS');
  });

  test('refuses cursors that were changed, cut, or never given out', async () => {
    const cursor = await cursorOf(list);
    const middle = Math.floor(cursor.length / 2);
    const changed = cursor.slice(0, middle) + (cursor.at(middle) === 'A' ? 'B' : 'A') + cursor.slice(middle + 1);
    const unsigned = Buffer.from(JSON.stringify([1, null, '00000000-0000-0000-0000-000000000000'])).toString(
      'base64url',
    );
    for (const wrong of [changed, cursor.slice(0, -4), `${cursor}AAAA`, unsigned, '', "' OR TRUE --", '0']) {
      await expectRefusal(list, `after: ${JSON.stringify(wrong)}`, 'INVALID_CURSOR');
      await expectRefusal(list, `last: 5 before: ${JSON.stringify(wrong)}`, 'INVALID_CURSOR');
    }
  });

  test('refuses cursors of other lists', async () => {
    for (const other of LISTS.filter(({ field, parent }) => field !== list.field || parent !== list.parent))
      await expectRefusal(list, `after: "${await cursorOf(other)}"`, 'INVALID_CURSOR');
  });
});

test.each(LISTS.filter(({ sorts }) => sorts).map((list) => [nameOf(list), list] as const))(
  '%s refuses cursors of its other orders',
  async (_name, list) => {
    const orders = list.sorts!.flatMap((field) =>
      ['ASC', 'DESC'].map((direction) => `sort: { field: ${field} direction: ${direction} }`),
    );
    for (const given of orders) {
      const cursor = await cursorOf(list, `first: 1 ${given}`);
      for (const order of orders.filter((other) => other !== given))
        await expectRefusal(list, `after: "${cursor}" ${order}`, 'INVALID_CURSOR');
    }
  },
);

const FOREIGN: readonly [field: string, args: (id: string) => string, wanted: IdType][] = [
  ['user', (id) => `id: ${id}`, 'User'],
  ['organization', (id) => `id: ${id}`, 'Organization'],
  ['product', (id) => `id: ${id}`, 'Product'],
  ['order', (id) => `id: ${id}`, 'Order'],
  ['invoice', (id) => `id: ${id}`, 'Invoice'],
  ['orders', (id) => `filter: { buyerId: ${id} }`, 'User'],
  ['orders', (id) => `filter: { organizationId: ${id} statusIn: [PENDING CONFIRMED] }`, 'Organization'],
  ['invoices', (id) => `filter: { customerId: ${id} }`, 'User'],
  ['invoices', (id) => `filter: { organizationId: ${id} statusIn: [OPEN PAID] }`, 'Organization'],
];

test.each(FOREIGN)(
  'Query.%s refuses ids of other types and what is no id, without a statement',
  async (field, args, wanted) => {
    const foreign = Object.entries(ids).filter(([type]) => type !== wanted);
    for (const id of [
      ...foreign.map(([, each]) => each),
      '',
      'nonsense',
      "1' OR TRUE",
      ids[wanted]!.toUpperCase(),
      `${ids[wanted]}0`,
    ]) {
      takeStatements();
      const { errors } = await ask(`{ ${field}(${args(JSON.stringify(id))}) { __typename } }`);
      expect(takeStatements(), id).toEqual([]);
      expect(errors, id).toEqual([
        expect.objectContaining({
          path: [field],
          extensions: expect.objectContaining({ code: 'INVALID_ID' }) as unknown,
        }),
      ]);
    }
  },
);

test.each([
  ['User', 'orders', 'organizationId', 'User'],
  ['Organization', 'orders', 'buyerId', 'Order'],
  ['User', 'invoices', 'organizationId', 'Invoice'],
  ['Organization', 'invoices', 'customerId', 'Organization'],
] as const)('%s.%s refuses a foreign id as %s, without a statement', async (parent, field, condition, foreign) => {
  await expectRefusal({ parent, field, besides: 'id' }, `filter: { ${condition}: "${ids[foreign]}" }`, 'INVALID_ID');
});
