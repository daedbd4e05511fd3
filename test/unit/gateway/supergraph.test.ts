import { expect, test } from 'vitest';

import { loadSupergraph, SupergraphError } from '@tributary/gateway';
import { accessMap, supergraphSdl } from '@tributary/schema';

import { composeLibrary, sdls } from '../../integration/gateway/library.ts';

test('a supergraph with access directives loads, and its requirements are kept aside', () => {
  const { access, apiSchema, subgraphs } = loadSupergraph(composeLibrary());
  expect(subgraphs).toEqual([
    { name: 'books', url: 'http://books.invalid/graphql' },
    { name: 'reviews', url: 'http://reviews.invalid/graphql' },
  ]);
  expect([...access.types]).toEqual([]);
  expect(Object.fromEntries(access.fields)).toEqual({
    'Book.draft': { authenticated: true, scopes: [['books:read', 'drafts:read'], ['books:write']], policies: [] },
    'Query.isbn': { authenticated: true, scopes: [], policies: [] },
  });
  expect(apiSchema.getDirective('requiresScopes')).toBeUndefined();
  expect(apiSchema.getType('requiresScopes__Scope')).toBeUndefined();
});

test('requirements on types are read as well', () => {
  const books = sdls.books.replace('type Book @key', 'type Book @authenticated @key');
  expect(Object.fromEntries(loadSupergraph(composeLibrary({ books })).access.types)).toEqual({
    Book: { authenticated: true, scopes: [], policies: [] },
  });
});

test('directives are found under the names that the document gives them', () => {
  const renamed = composeLibrary()
    .replace(
      'authenticated/v0.1", for: SECURITY',
      'authenticated/v0.1", for: SECURITY, import: [{ name: "@authenticated", as: "@signedIn" }]',
    )
    .replace('requiresScopes/v0.1", for: SECURITY', 'requiresScopes/v0.1", for: SECURITY, as: "scoped"')
    .replaceAll('@authenticated ', '@signedIn ')
    .replaceAll(
      'isbn(of: BookInput!): String @join__field(graph: BOOKS) @authenticated',
      'isbn(of: BookInput!): String @join__field(graph: BOOKS) @signedIn',
    )
    .replaceAll('@requiresScopes(', '@scoped(')
    .replaceAll('requiresScopes__', 'scoped__');
  expect(loadSupergraph(renamed).access).toEqual(loadSupergraph(composeLibrary()).access);
});

test('the requirements of the own supergraph are those of the access map', () => {
  const { access } = loadSupergraph(supergraphSdl());
  const listed = accessMap();
  for (const [field, requirement] of access.fields)
    expect({ field, policies: [], ...listed.fields[field] }).toEqual({ field, ...requirement });
  expect(access.fields.size).toBeGreaterThan(0);
});

test.each([
  ['https://specs.apollo.dev/connect/v0.4', 'EXECUTION'],
  ['https://specs.apollo.dev/context/v0.2', 'SECURITY'],
  ['https://specs.apollo.dev/policy/v0.9', 'SECURITY'],
  ['https://specs.apollo.dev/requiresScopes/v0.9', 'SECURITY'],
  ['https://example.com/fancy/v1.0', 'SECURITY'],
])('a feature that nobody honors is refused by name: %s', (url, purpose) => {
  const sdl = composeLibrary().replace(/schema\n?/, `schema @link(url: "${url}", for: ${purpose})\n`);
  expect(() => loadSupergraph(sdl)).toThrow(
    new SupergraphError(`The supergraph uses a feature that this gateway does not honor: ${url} (for ${purpose}).`),
  );
});

test('a feature that is linked without a purpose asks nothing of a gateway', () => {
  const sdl = composeLibrary().replace(/schema\n?/, 'schema @link(url: "https://example.com/fancy/v1.0")\n');
  expect(loadSupergraph(sdl).subgraphs).toHaveLength(2);
});

test.each([
  '',
  'type Query {',
  'type Query { a: Int }',
  'schema @link(url: "https://specs.apollo.dev/link/v1.0") { query: Query } type Query { a: Int }',
])('what is no supergraph is refused: %j', (sdl) => {
  expect(() => loadSupergraph(sdl)).toThrow(SupergraphError);
});
