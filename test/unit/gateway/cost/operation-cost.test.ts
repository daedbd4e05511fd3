import { readFileSync } from 'node:fs';

import { Kind, parse, validate } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';

import { defaultGatewayConfig, loadSupergraph } from '@tributary/gateway';
import { costLimitOf } from '@tributary/gateway/cost/cost-limit';
import { MAX_COST } from '@tributary/gateway/cost/operation-cost';
import type { Principal } from '@tributary/kit/principal';
import { supergraphSdl } from '@tributary/schema';

const supergraph = loadSupergraph(supergraphSdl());
const workload = readFileSync(new URL('../../../../schema/operations.graphql', import.meta.url), 'utf8');
const { limits } = defaultGatewayConfig({ production: false });

function costOf(text: string, variables: Record<string, unknown> = {}, operationName?: string): number {
  const document = parse(text);
  expect(validate(supergraph.apiSchema, document)).toEqual([]);
  const operation = document.definitions.find(
    (each): each is OperationDefinitionNode =>
      each.kind === Kind.OPERATION_DEFINITION && (operationName === undefined || each.name?.value === operationName),
  );
  return supergraph.costOf({ document, operation: operation!, variables });
}

const base = { scopes: [], authTime: null, amr: [] };
const personWith = (...roles: Principal['roles']): Principal => ({
  ...base,
  type: 'user',
  userId: 'u',
  memberships: [],
  roles,
});
const client: Principal = { ...base, type: 'client', clientId: 'c', organizationId: 'o', roles: ['PARTNER'] };
const customer = personWith('CUSTOMER');
const support = personWith('SUPPORT');

test.each<[string, Principal | null, number, Record<string, unknown>?]>([
  ['StorefrontCatalog', null, 991],
  ['CheckoutPlaceOrder', customer, 24],
  ['MyOrders', customer, 92],
  ['OrderDetail', customer, 441],
  ['SupportOrderSearch', support, 132],
  ['SupportCustomer360', support, 55],
  ['FinanceOverdueInvoices', personWith('FINANCE'), 257],
  ['PartnerOrderSync', client, 11_602],
  ['RefetchNodes', customer, 300, { ids: Array.from({ length: 100 }, () => 'x') }],
])('%s of the workload stays below the limit of its caller', (operation, caller, cost, variables = {}) => {
  const limit = costLimitOf(caller, limits);
  expect(costOf(workload, variables, operation)).toBe(cost);
  expect(cost).toBeLessThanOrEqual(limit);
});

test.each<[string, Principal | null, string]>([
  [
    'a circle through the catalog',
    null,
    '{ products(first: 100) { nodes { variants { product { variants { product { variants { __typename } } } } } } } }',
  ],
  [
    'a circle through orders and organizations',
    customer,
    `{ orders(first: 100) { nodes { organization { orders(first: 100) { nodes { organization {
       orders(first: 100) { nodes { id } } } } } } } } }`,
  ],
  [
    'a costly field under 500 aliases',
    null,
    `{ products(first: 1) { ${Array.from({ length: 500 }, (_, n) => `a${n}: totalCount`).join(' ')} } }`,
  ],
])('%s is above the limit', (_title, caller, query) => {
  expect(costOf(query)).toBeGreaterThan(costLimitOf(caller, limits));
});

test('people, staff and machines have limits of their own', () => {
  const all = [null, undefined, customer, support, personWith('CUSTOMER', 'ADMIN'), client];
  expect(all.map((caller) => costLimitOf(caller, limits))).toEqual([2_000, 2_000, 5_000, 20_000, 20_000, 20_000]);
});

const page = (size: string) => `products${size} { nodes { id } edges { node { id } } }`;
test.each<[string, string, Record<string, unknown>, number]>([
  ['the assumed size', `{ ${page('')} }`, {}, 61],
  ['a literal', `{ ${page('(first: 3)')} }`, {}, 10],
  ['the other argument', `{ ${page('(last: 3)')} }`, {}, 10],
  ['the larger of both', `{ ${page('(first: 2, last: 3)')} }`, {}, 10],
  ['a variable', `query ($n: Int) { ${page('(first: $n)')} }`, { n: 3 }, 10],
  ['the default of a variable', `query ($n: Int = 3) { ${page('(first: $n)')} }`, {}, 10],
  ['a variable instead of its default', `query ($n: Int = 100) { ${page('(first: $n)')} }`, { n: 3 }, 10],
  ['a variable that was left out', `query ($n: Int) { ${page('(first: $n)')} }`, {}, 61],
  ['a variable that is null', `query ($n: Int = 3) { ${page('(first: $n)')} }`, { n: null }, 61],
  [
    'a variable called like a property of every object',
    `query ($toString: Int) { ${page('(first: $toString)')} }`,
    {},
    61,
  ],
  ['less than nothing', `{ ${page('(first: -1000)')} }`, {}, 1],
  ['keys', '{ nodes(ids: ["a", "b"]) { id } }', {}, 2],
  ['keys in a variable', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b', 'c'] }, 3],
  ['one key', 'query ($id: ID!) { nodes(ids: [$id]) { id } }', { id: 'a' }, 1],
])('the size of a list comes from %s', (_title, query, variables, cost) => {
  expect(costOf(query, variables)).toBe(cost);
});

test('one fragment in pages of two sizes costs what each page costs', () => {
  const query = '{ a: products(first: 2) { ...P } b: products(first: 50) { ...P } } fragment P on ProductConnection';
  expect(costOf(`${query} { nodes { id } }`)).toBe(1 + 2 + 1 + 50);
});

test('of the types that an object may have, the dearest counts', () => {
  const query = '{ node(id: "x") { ... on User { displayName } ... on Order { total { decimal } invoice { id } } } }';
  expect(costOf(query)).toBe(3);
});

test('a mutation costs ten unless the contract says otherwise, each time it is asked for', () => {
  const save = (name: string) => `${name}: orderDraftSave(input: { lines: [] }) { order { id } userErrors { code } }`;
  expect(costOf(`mutation { ${save('one')} }`)).toBe(10 + 1 + 10);
  expect(costOf(`mutation { ${save('one')} ${save('two')} }`)).toBe(2 * (10 + 1 + 10));
  const pay = 'invoicePay(input: { invoiceId: "x", idempotencyKey: "0123456789abcdef" }) { replayed }';
  expect(costOf(`mutation { ${pay} }`)).toBe(20);
});

test('what is left out costs nothing', () => {
  const query = `query ($yes: Boolean = true) {
    a: me @skip(if: $yes) { id } b: me @include(if: false) { id } ... @include(if: $yes) { c: me { id } } }`;
  expect(costOf(query)).toBe(1);
});

test('introspection costs nothing', () => {
  expect(costOf('{ __typename __schema { types { fields { name } } } }')).toBe(0);
});

test('fragments that multiply are counted in no time, up to the most there is to count', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, n) => `fragment F${n} on Product { variants { a: product { ...F${n + 1} } b: product { ...F${n + 1} } } }`,
  );
  const document = parse(`{ product { ...F0 } } ${fragments.join(' ')} fragment F60 on Product { id }`);
  const operation = document.definitions[0] as OperationDefinitionNode;
  const startedAt = performance.now();
  expect(supergraph.costOf({ document, operation, variables: {} })).toBe(MAX_COST);
  expect(performance.now() - startedAt).toBeLessThan(100);
});

test('a chain of fragments as long as a text may be is counted', () => {
  const length = 1_500;
  const fragments = Array.from({ length }, (_, n) => `fragment F${n} on Product { ...F${n + 1} }`);
  const document = parse(`{ product { ...F0 } } ${fragments.join(' ')} fragment F${length} on Product { id }`);
  const operation = document.definitions[0] as OperationDefinitionNode;
  expect(supergraph.costOf({ document, operation, variables: {} })).toBe(1);
});

test('one operation is counted for the variables of each request', () => {
  const document = parse('query ($first: Int) { products(first: $first) { nodes { id } } }');
  const operation = document.definitions[0] as OperationDefinitionNode;
  const [few, many] = [1, 50].map((first) => supergraph.costOf({ document, operation, variables: { first } }));
  expect(many! - few!).toBe(49);
});
