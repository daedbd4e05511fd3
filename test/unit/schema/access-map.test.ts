import { accessMap, subgraphSdl, supergraphSdl } from '@tributary/schema';
import { createAccessMap, parseAccessMap } from '@tributary/schema/access-map';
import { sha256 } from '@tributary/schema/sha256';
import { Kind, parse, valueFromASTUntyped } from 'graphql';
import { expect, test } from 'vitest';

test('the access map carries the hash of the supergraph and agrees with it', () => {
  const map = accessMap();
  expect(map.supergraphSha256).toBe(sha256(supergraphSdl()));
  expect(map).toEqual(createAccessMap(supergraphSdl()));
  expect(Object.keys(map.fields)).toEqual(Object.keys(map.fields).sort());
});

test('a map next to another supergraph is refused', () => {
  const json = JSON.stringify(createAccessMap('type Query { a: Int }'));
  expect(parseAccessMap(json, 'type Query { a: Int }').fields).toEqual({});
  expect(() => parseAccessMap(json, 'type Query { a: Int @authenticated }')).toThrow(
    'The access map was not made from this supergraph.',
  );
});

test('the fields with scopes are exactly those that ask for them in the subgraphs', () => {
  const asked = (['users', 'orders', 'billing', 'nodes'] as const)
    .flatMap((name) => parse(subgraphSdl(name)).definitions)
    .filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
    .flatMap((type) =>
      (type.fields ?? []).map((field) => ({ coordinate: `${type.name.value}.${field.name.value}`, field })),
    )
    .flatMap(({ coordinate, field }) =>
      (field.directives ?? [])
        .filter((directive) => directive.name.value === 'requiresScopes')
        .flatMap((directive) => directive.arguments ?? [])
        .map((argument) => [coordinate, valueFromASTUntyped(argument.value)]),
    );
  const stored = Object.entries(accessMap().fields)
    .filter(([, { scopes }]) => scopes.length > 0)
    .map(([coordinate, { scopes }]) => [coordinate, scopes]);
  expect(stored.length).toBeGreaterThan(10);
  expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(asked));
});

test('public fields have no entry, all others say what they ask for', () => {
  const { fields } = accessMap();
  expect(
    Object.keys(fields).filter((field) => /^(Query\.products?|Product\w*\.|Money\.|PageInfo\.)/.test(field)),
  ).toEqual([]);
  expect(fields['Query.node']).toEqual({ authenticated: true, scopes: [] });
  expect(fields['Query.orders']).toEqual({ authenticated: true, scopes: [['orders:read']] });
  expect(fields['Order.fulfillmentBlockers']).toEqual({
    authenticated: true,
    scopes: [['support:read'], ['orders:fulfill']],
  });
  // The stub of User in billing carries no directive; the one of the owner binds its fields all the same.
  expect(fields['User.balance']).toEqual({ authenticated: true, scopes: [['billing:read']] });
});

test('rules of the type, the field and the leaf type must all hold', () => {
  const { fields } = createAccessMap(`
    type Query { open: Int  signedIn: Int @authenticated  secret: [Secret!] @requiresScopes(scopes: [["c"]])  a: A }
    type A @authenticated @requiresScopes(scopes: [["a1"], ["a2"]]) {
      plain: Int
      both: Int @requiresScopes(scopes: [["b1", "a1"], ["b2"]])
    }
    scalar Secret @requiresScopes(scopes: [["s"]])
  `);
  expect(fields).toEqual({
    'A.both': {
      authenticated: true,
      scopes: [
        ['a1', 'b1'],
        ['a1', 'b2'],
        ['a1', 'a2', 'b1'],
        ['a2', 'b2'],
      ],
    },
    'A.plain': { authenticated: true, scopes: [['a1'], ['a2']] },
    'Query.secret': { authenticated: false, scopes: [['c', 's']] },
    'Query.signedIn': { authenticated: true, scopes: [] },
  });
});
