import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit/ids';

import { readPages } from './page-query.ts';
import { SEED_TIMEOUT_MS, startPagingWorld } from './paging-world.ts';
import type { CallerName, PagingWorld } from './paging-world.ts';
import { invoicesBelow, ordersBelow, ownersOf, walkBelow } from './walk-below.ts';

// Lists below objects. All parents of a case are walked side by side, so that one operation reads several of them.

let world: PagingWorld;
beforeAll(async () => {
  world = await startPagingWorld();
}, SEED_TIMEOUT_MS);
afterAll(() => world[Symbol.asyncDispose]());

const person = (caller: CallerName) =>
  `SELECT id FROM users.users WHERE oidc_subject = '${world.callers[caller].as.subject}'`;
const organizationsOf = (caller: CallerName) =>
  `SELECT organization_id FROM users.memberships WHERE user_id = (${person(caller)})`;
const organizationOfPartner = `SELECT organization_id FROM users.api_clients WHERE client_id = 'demo-partner'`;

const TIMEOUT_MS = 120_000;
type Parents = [caller: CallerName, parents: () => string][];

describe('each row is met once, forward and backward, in every order, below', () => {
  test.each<Parents[number]>([
    ['customer', () => person('customer')],
    ['support', () => ownersOf('orders.orders', 'buyer_id', 'users.users')],
  ])(
    'User.orders, by %s',
    async (caller, parents) => walkBelow(world, caller, parents(), ordersBelow('User')),
    TIMEOUT_MS,
  );

  test.each<Parents[number]>([
    ['owner', () => organizationsOf('owner')],
    ['viewer', () => organizationsOf('viewer')],
    ['memberOfMany', () => `${organizationsOf('memberOfMany')} ORDER BY 1 LIMIT 6`],
    ['partner', () => organizationOfPartner],
    ['admin', () => ownersOf('orders.orders', 'organization_id', 'users.organizations')],
  ])(
    'Organization.orders, by %s',
    async (caller, parents) => walkBelow(world, caller, parents(), ordersBelow('Organization')),
    TIMEOUT_MS,
  );

  test.each<Parents[number]>([
    ['customer', () => person('customer')],
    ['finance', () => ownersOf('billing.invoices', 'customer_id', 'users.users')],
  ])(
    'User.invoices, by %s',
    async (caller, parents) => walkBelow(world, caller, parents(), invoicesBelow('User')),
    TIMEOUT_MS,
  );

  test.each<Parents[number]>([
    ['owner', () => organizationsOf('owner')],
    ['billingManager', () => organizationsOf('billingManager')],
    ['partner', () => organizationOfPartner],
    ['support', () => ownersOf('billing.invoices', 'organization_id', 'users.organizations')],
  ])(
    'Organization.invoices, by %s',
    async (caller, parents) => walkBelow(world, caller, parents(), invoicesBelow('Organization')),
    TIMEOUT_MS,
  );

  test.each<[...Parents[number], minPages: number]>([
    ['memberOfMany', () => person('memberOfMany'), 3],
    // Of other people a member sees what they share.
    ['owner', () => person('memberOfMany'), 1],
    ['finance', () => ownersOf('users.memberships', 'user_id', 'users.users'), 3],
  ])('User.memberships, by %s', async (caller, parents, minPages) => {
    const list = { type: 'User', field: 'memberships', rowType: 'Membership', size: 5 } as const;
    const seen = caller === 'finance' ? 'TRUE' : `m.organization_id IN (${organizationsOf(caller)})`;
    const rows = (user: string) =>
      `SELECT m.id FROM users.memberships m WHERE m.user_id = '${user}' AND ${seen} ORDER BY m.created_at, m.id`;
    await walkBelow(world, caller, parents(), { ...list, orders: [{ rows }] }, minPages);
  });

  test.each<Parents[number]>([
    ['viewer', () => organizationsOf('viewer')],
    ['memberOfMany', () => `${organizationsOf('memberOfMany')} ORDER BY 1 LIMIT 6`],
    ['support', () => ownersOf('users.memberships', 'organization_id', 'users.organizations')],
  ])('Organization.members, by %s', async (caller, parents) => {
    const list = { type: 'Organization', field: 'members', rowType: 'Membership', size: 2 } as const;
    const rows = (organization: string) =>
      `SELECT id FROM users.memberships WHERE organization_id = '${organization}' ORDER BY created_at, id`;
    await walkBelow(world, caller, parents(), { ...list, orders: [{ rows }] });
  });

  test.each<Parents[number]>([
    ['owner', () => organizationsOf('owner')],
    ['admin', () => ownersOf('users.api_clients', 'organization_id', 'users.organizations')],
  ])('Organization.apiClients, by %s', async (caller, parents) => {
    const list = { type: 'Organization', field: 'apiClients', rowType: 'ApiClient', size: 9 } as const;
    const rows = (organization: string) =>
      `SELECT id FROM users.api_clients WHERE organization_id = '${organization}' ORDER BY created_at, id`;
    await walkBelow(world, caller, parents(), { ...list, orders: [{ rows }] });
  });

  const ordersWithMost = (part: string, caller: CallerName) =>
    `SELECT o.id FROM orders.orders o WHERE ${world.callers[caller].orders}
      ORDER BY (SELECT count(*) FROM orders.${part} p WHERE p.order_id = o.id) DESC, o.id LIMIT 12`;

  test.each<CallerName>(['customer', 'viewer', 'partner', 'support'])('Order.lines, by %s', async (caller) => {
    const list = { type: 'Order', field: 'lines', rowType: 'OrderLine', size: 3 } as const;
    const rows = (order: string) => `SELECT id FROM orders.order_lines WHERE order_id = '${order}' ORDER BY position`;
    await walkBelow(world, caller, ordersWithMost('order_lines', caller), { ...list, orders: [{ rows }] });
  });

  test.each<CallerName>(['customer', 'viewer', 'partner', 'support'])('Order.timeline, by %s', async (caller) => {
    const keyOf = (event: Record<string, string>) => `${event.type} ${event.message} ${event.occurredAt}`;
    const list = { type: 'Order', field: 'timeline', node: 'type message occurredAt', size: 4, keyOf } as const;
    const key = `type || ' ' || message || to_char(created_at AT TIME ZONE 'UTC', ' YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    const rows = (order: string) =>
      `SELECT ${key} FROM orders.order_events WHERE order_id = '${order}' ORDER BY id DESC`;
    await walkBelow(world, caller, ordersWithMost('order_events', caller), { ...list, orders: [{ rows }] });
  });

  test.each<CallerName>(['customer', 'owner', 'partner', 'finance'])('Invoice.lines, by %s', async (caller) => {
    const keyOf = (line: { position: number; description: string }) => `${line.position} ${line.description}`;
    const list = { type: 'Invoice', field: 'lines', node: 'position description', size: 3, keyOf } as const;
    const rows = (invoice: string) =>
      `SELECT position || ' ' || description FROM billing.invoice_lines WHERE invoice_id = '${invoice}' ORDER BY position`;
    const invoices = `SELECT i.id FROM billing.invoices i WHERE ${world.callers[caller].invoices}
      ORDER BY (SELECT count(*) FROM billing.invoice_lines l WHERE l.invoice_id = i.id) DESC, i.id LIMIT 12`;
    await walkBelow(world, caller, invoices, { ...list, orders: [{ rows }] });
  });
});

test.each([
  { bound: 'after', size: 'first', beyond: '<', order: 'DESC' },
  { bound: 'before', size: 'last', beyond: '>', order: 'ASC' },
])('one cursor cuts the lists of many parents at the same place ($bound), in one statement', async (side) => {
  const { graph, callers, column, database } = world;
  const as = callers.support.as;
  const users = await column(ownersOf('orders.orders', 'buyer_id', 'users.users'));
  const args = 'sort: { field: UPDATED_AT, direction: DESC }';
  const list = {
    field: 'orders',
    args,
    parent: { type: 'User', id: toGlobalId('User', users[0]!) },
    rows: 'edges',
  } as const;
  const [first] = await readPages(graph, as, [{ list, request: { first: 100, cursor: null, count: false } }]);
  const { cursor, node } = first!.edges!.at(60)!;

  graph.takeTraffic();
  const { data, errors } = await graph.ask({
    query: `query ($ids: [ID!]!, $cursor: String) { nodes(ids: $ids) { ... on User {
      orders(${args}, ${side.size}: 30, ${side.bound}: $cursor) { nodes { id } totalCount } } } }`,
    variables: { ids: users.map((id) => toGlobalId('User', id)), cursor },
    as,
  });
  expect(errors).toBeUndefined();
  expect(graph.takeTraffic().statements.map(({ subgraph }) => subgraph)).toEqual(['orders', 'orders']);

  const place = (await column('SELECT id FROM orders.orders')).find(
    (id) => toGlobalId('Order', id) === (node as { id: string }).id,
  );
  const truth = await database.query<{ ids: string[]; total: number }>(
    `WITH listed AS (SELECT o.id, o.buyer_id, o.updated_at FROM orders.orders o
        WHERE o.buyer_id = ANY($1::uuid[]) AND o.updated_at < now() - interval '2 seconds')
      SELECT (SELECT count(*)::integer FROM listed WHERE buyer_id = u.id) AS total,
        ARRAY(SELECT id FROM listed WHERE buyer_id = u.id
          AND (updated_at, id) ${side.beyond} (SELECT updated_at, id FROM listed WHERE id = $2)
          ORDER BY updated_at ${side.order}, id ${side.order} LIMIT 30) AS ids
      FROM unnest($1::uuid[]) WITH ORDINALITY AS u(id, place) ORDER BY u.place`,
    [users, place],
  );
  const expected = truth.map(({ ids, total }) => {
    const page = ids.map((id) => ({ id: toGlobalId('Order', id) }));
    return { orders: { nodes: side.bound === 'after' ? page : page.reverse(), totalCount: total } };
  });
  expect(expected.filter(({ orders }) => orders.nodes.length > 0).length).toBeGreaterThan(2);
  expect(data).toEqual({ nodes: expected });
});
