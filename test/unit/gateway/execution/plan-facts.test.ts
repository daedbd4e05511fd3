import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { OperationTypeNode } from 'graphql';
import { expect, test } from 'vitest';

import { readPlanFacts } from '@tributary/gateway/execution/plan-facts';

const fetch = (serviceName: string, operation: string, more: Partial<FetchNode> = {}): FetchNode => ({
  kind: 'Fetch',
  serviceName,
  operation,
  operationName: undefined,
  operationKind: OperationTypeNode.QUERY,
  ...more,
});
const entities = (serviceName: string, selections: string): FetchNode =>
  fetch(
    serviceName,
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selections} } }`,
    {
      requires: [],
    },
  );
const at = (path: string, node: PlanNode): PlanNode => ({ kind: 'Flatten', path: path.split('.'), node });
const extended = (...nodes: PlanNode[]) =>
  [...readPlanFacts({ kind: 'Sequence', nodes }).extended].map(({ serviceName }) => serviceName);

test('a fetch into whose objects another one merges its data is extended', () => {
  expect(
    extended(fetch('a', '{ books { author { id } } }'), at('books.@.author', entities('b', '... on Author { name }'))),
  ).toEqual(['a']);
});

test('so is each of two fetches that bring the same object', () => {
  expect(extended(fetch('a', '{ shop { name } }'), fetch('b', '{ shop { city } }'))).toEqual(['a', 'b']);
});

test('fetches that bring different objects, or none, are not', () => {
  expect(extended(fetch('a', '{ shop { name } count }'), fetch('b', '{ books { id } count }'))).toEqual([]);
});

test('fragments and renamed fields are looked through', () => {
  const outputRewrites = [{ kind: 'KeyRenamer' as const, path: ['author__alias_0'], renameKeyTo: 'author' }];
  expect(
    extended(
      fetch('a', 'query { ...F } fragment F on Query { author__alias_0: author { id } }', { outputRewrites }),
      at('author', entities('b', '... on Author { name }')),
    ),
  ).toEqual(['a']);
});

const settled = (...nodes: PlanNode[]) => [...readPlanFacts({ kind: 'Sequence', nodes }).settled];
const authors = at('books.@.author', entities('b', '... on Author { name }'));

test('entities are settled where one fetch alone brings them, whoever asks about them', () => {
  expect(settled(fetch('a', '{ books { author { id } } shop { id } }'), authors)).toEqual(['books.author']);
});

test('they are not where a fetch for the objects around them brings more of them', () => {
  const more = at('books.@', entities('c', '... on Book { author { mood } }'));
  expect(settled(fetch('a', '{ books { id author { id } } }'), authors, more)).toEqual(['books']);
});

test('nor is anything where a fetch takes arguments from the surroundings of its objects', () => {
  const contextRewrites = [{ kind: 'KeyRenamer' as const, path: ['..', 'id'], renameKeyTo: 'x' }];
  const contextual = at('books.@', { ...entities('c', '... on Book { price }'), contextRewrites });
  expect(settled(fetch('a', '{ books { id author { id } } }'), authors, contextual)).toEqual([]);
});
