import { fixtureId, objects } from '../kit/fixture.ts';
import type { FixtureType } from '../kit/fixture.ts';

// Every way a client can reach an object of the test world. A path opens for callers who may read all of `through`.

export interface AccessPath {
  type: FixtureType;
  name: string;
  query: (selection: string) => string;
  /** Response keys that lead to the object; a function picks it from a list. */
  at: readonly (string | ((items: readonly { id: string }[]) => unknown))[];
  through: readonly string[];
}

const quoted = (type: FixtureType) => JSON.stringify(fixtureId(type));
const itself = (type: FixtureType) => (items: readonly { id: string }[]) =>
  items.find(({ id }) => id === fixtureId(type));

const byRoot = (type: FixtureType, field: string, args = `id: ${quoted(type)}`): AccessPath => ({
  type,
  name: `Query.${field}(${args.split(':')[0]})`,
  query: (selection) => `{ ${field}(${args}) { ${selection} } }`,
  at: [field],
  through: [`Query.${field}`],
});

const byNode = (type: FixtureType): AccessPath => ({
  type,
  name: 'Query.node',
  query: (selection) => `{ node(id: ${quoted(type)}) { ... on ${type} { ${selection} } } }`,
  at: ['node'],
  through: ['Query.node'],
});

const byNodes = (type: FixtureType): AccessPath => ({
  type,
  name: 'Query.nodes',
  query: (selection) => `{ nodes(ids: [${quoted(type)}]) { ... on ${type} { ${selection} } } }`,
  at: ['nodes', (items) => items[0]],
  through: ['Query.nodes'],
});

const below = (parent: FixtureType, field: string, type: FixtureType): AccessPath => ({
  type,
  name: `${parent}.${field}`,
  query: (selection) => `{ node(id: ${quoted(parent)}) { ... on ${parent} { ${field} { ${selection} } } } }`,
  at: ['node', field],
  through: ['Query.node', `${parent}.id`, `${parent}.${field}`],
});

const inListBelow = (parent: FixtureType, field: string, type: FixtureType): AccessPath => ({
  ...below(parent, field, type),
  query: (selection) => `{ node(id: ${quoted(parent)}) { ... on ${parent} { ${field} { id ${selection} } } } }`,
  at: ['node', field, itself(type)],
});

const inConnectionBelow = (parent: FixtureType, field: string, type: FixtureType): AccessPath => ({
  ...below(parent, field, type),
  query: (selection) =>
    `{ node(id: ${quoted(parent)}) { ... on ${parent} { ${field} { nodes { id ${selection} } } } } }`,
  at: ['node', field, 'nodes', itself(type)],
});

const inRootList = (type: FixtureType, field: string, args: string): AccessPath => ({
  type,
  name: `Query.${field}`,
  query: (selection) => `{ ${field}(${args}) { edges { node { id ${selection} } } } }`,
  at: [field, 'edges', (edges) => edges[0], 'node'],
  through: [`Query.${field}`],
});

export const ACCESS_PATHS: readonly AccessPath[] = [
  ...(Object.keys(objects) as FixtureType[]).flatMap((type) => [byNode(type), byNodes(type)]),
  byRoot('User', 'user'),
  below('Membership', 'user', 'User'),
  inListBelow('User', 'addresses', 'AddressBookEntry'),
  byRoot('Organization', 'organization'),
  below('Order', 'organization', 'Organization'),
  below('Invoice', 'organization', 'Organization'),
  below('Membership', 'organization', 'Organization'),
  inConnectionBelow('Organization', 'members', 'Membership'),
  inConnectionBelow('User', 'memberships', 'Membership'),
  inConnectionBelow('Organization', 'apiClients', 'ApiClient'),
  byRoot('Product', 'product'),
  byRoot('Product', 'product', 'slug: "desk-lamp"'),
  inRootList('Product', 'products', 'filter: { skuIn: ["LAMP-1"] }'),
  below('ProductVariant', 'product', 'Product'),
  inListBelow('Product', 'variants', 'ProductVariant'),
  below('OrderLine', 'variant', 'ProductVariant'),
  byRoot('Order', 'order'),
  byRoot('Order', 'order', 'number: "T-1"'),
  inRootList('Order', 'orders', 'filter: { number: "T-1" }'),
  inConnectionBelow('Organization', 'orders', 'Order'),
  below('Invoice', 'order', 'Order'),
  below('Shipment', 'order', 'Order'),
  below('OrderReturn', 'order', 'Order'),
  inConnectionBelow('Order', 'lines', 'OrderLine'),
  inListBelow('Order', 'shipments', 'Shipment'),
  inListBelow('Order', 'returns', 'OrderReturn'),
  byRoot('Invoice', 'invoice'),
  byRoot('Invoice', 'invoice', 'number: "TI-1"'),
  inRootList('Invoice', 'invoices', 'filter: { number: "TI-1" }'),
  inConnectionBelow('Organization', 'invoices', 'Invoice'),
  below('Order', 'invoice', 'Invoice'),
  below('Payment', 'invoice', 'Invoice'),
  inListBelow('Order', 'payments', 'Payment'),
  inListBelow('Invoice', 'payments', 'Payment'),
  below('Refund', 'payment', 'Payment'),
  inListBelow('Invoice', 'refunds', 'Refund'),
  inListBelow('Invoice', 'creditNotes', 'CreditNote'),
  below('CreditNote', 'invoice', 'Invoice'),
  below('Invoice', 'account', 'BillingAccount'),
  below('Organization', 'billingAccount', 'BillingAccount'),
  below('BillingAccount', 'organization', 'Organization'),
  inListBelow('BillingAccount', 'paymentMethods', 'PaymentMethod'),
  below('Payment', 'method', 'PaymentMethod'),
];

/** The object at the end of a path, or null when something on the way is. */
export function objectAt(data: unknown, at: AccessPath['at']): Record<string, unknown> | null {
  let value = data;
  for (const step of at) {
    if (value === null || value === undefined) return null;
    value = typeof step === 'function' ? step(value as never) : (value as Record<string, unknown>)[step];
  }
  return (value ?? null) as Record<string, unknown> | null;
}
