import { apiSdl, subgraphSdl, supergraphSdl } from '@tributary/schema';
import { Kind, buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';

import { copyContract } from './contract-copy.ts';

test('every type that implements Node is reachable through Query.node', () => {
  const api = buildSchema(apiSdl());
  const node = api.getType('Node');
  if (node === undefined || !('resolveType' in node) || !('getInterfaces' in node))
    throw new Error('Node is no interface.');
  const reachable = api.getPossibleTypes(node).map((type) => type.name);

  const stubs = parse(subgraphSdl('nodes'))
    .definitions.filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter((type) => type.name.value !== 'Query')
    .map((type) => type.name.value);

  expect(stubs).toEqual([
    'AddressBookEntry',
    'ApiClient',
    'BillingAccount',
    'CreditNote',
    'Invoice',
    'Membership',
    'Order',
    'OrderLine',
    'OrderReturn',
    'Organization',
    'Payment',
    'PaymentMethod',
    'Product',
    'ProductVariant',
    'Refund',
    'Shipment',
    'User',
  ]);
  expect(reachable.sort()).toEqual(stubs);
});

test('a stub holds the key alone and is not resolvable', () => {
  expect(subgraphSdl('nodes')).toContain(
    [
      '"A demand for payment."',
      'type Invoice implements Node @key(fields: "id", resolvable: false) {',
      '  "Opaque global id."',
      '  id: ID!',
      '}',
    ].join('\n'),
  );
});

test('the Node interface asks for a token and for no scope', () => {
  const node = parse(supergraphSdl()).definitions.find(
    (definition) => definition.kind === Kind.INTERFACE_TYPE_DEFINITION && definition.name.value === 'Node',
  );
  const directives = node !== undefined && 'directives' in node ? (node.directives ?? []) : [];
  const names = directives.map((directive) => directive.name.value);
  expect(names).toContain('authenticated');
  expect(names).not.toContain('requiresScopes');
});

test('a scope on a type that implements Node is refused, also on a stub in another subgraph', () => {
  using contract = copyContract();
  contract.replace(
    'billing.graphql',
    'type User @key(fields: "id")',
    'type User @key(fields: "id") @requiresScopes(scopes: [["x"]])',
  );
  expect(contract.compose()).toEqual({
    exitCode: 1,
    printed: [
      'billing.graphql: User implements Node and carries @requiresScopes, which would close Query.node to everybody else. Put the scopes on the fields.',
    ],
  });
});

test('two subgraphs cannot both own a type', () => {
  using contract = copyContract();
  contract.replace('billing.graphql', 'type User @key(fields: "id")', 'type User implements Node @key(fields: "id")');
  expect(contract.compose()).toEqual({
    exitCode: 1,
    printed: [
      'users.graphql and billing.graphql: each says that User implements Node. Only the owner does; the others refer to it by key.',
    ],
  });
});
