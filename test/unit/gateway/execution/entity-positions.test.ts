import type { QueryPlanInlineFragmentNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';

import { representedPaths } from '@tributary/gateway/execution/entity-positions';

const schema = buildSchema(`
  interface Node { id: ID! }
  type Order implements Node { id: ID! }
  type User implements Node { id: ID! }
  type Query { nodes: [Node] }
`);
const key = (typeCondition: string): readonly QueryPlanSelectionNode[] => [
  {
    kind: 'InlineFragment' as QueryPlanInlineFragmentNode['kind'],
    typeCondition,
    selections: ['__typename', 'id'].map((name) => ({ kind: 'Field', name })),
  },
];
const order = (id: string) => ({ __typename: 'Order', id });
const user = (id: string) => ({ __typename: 'User', id });

test('only objects of the type in question count, each where the client sees it', () => {
  const roots = [{ nodes: [order('1'), null, user('2'), order('3')] }];
  expect(representedPaths(roots, ['nodes', '@'], key('Order'), schema)).toEqual([
    ['nodes', 0],
    ['nodes', 3],
  ]);
  expect(representedPaths(roots, ['nodes', '@'], key('User'), schema)).toEqual([['nodes', 2]]);
  expect(representedPaths(roots, ['nodes', '@'], key('Node'), schema)).toHaveLength(3);
});

test('an object without a required field has no representation', () => {
  const roots = [{ nodes: [{ __typename: 'Order' }, order('2')] }];
  expect(representedPaths(roots, ['nodes', '@'], key('Order'), schema)).toEqual([['nodes', 1]]);
});

test('lists within lists are walked in order', () => {
  const roots = [{ a: [{ b: [order('1'), order('2')] }, null, { b: null }, { b: [order('3')] }] }];
  expect(representedPaths(roots, ['a', '@', 'b', '@'], key('Order'), schema)).toEqual([
    ['a', 0, 'b', 0],
    ['a', 0, 'b', 1],
    ['a', 3, 'b', 0],
  ]);
});

test('of several root answers the one that has the field is looked at', () => {
  const roots = [{ other: 1 }, { node: null }, { node: order('1') }];
  expect(representedPaths(roots, ['node'], key('Order'), schema)).toEqual([['node']]);
});

test('properties that every object inherits are no fields', () => {
  expect(representedPaths([{}], ['constructor'], key('Order'), schema)).toEqual([]);
});
