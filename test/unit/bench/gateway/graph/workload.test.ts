import type { PlanNode, SubscriptionNode } from '@apollo/query-planner';
import { graphql, parse } from 'graphql';
import { expect, test } from 'vitest';

import { loadSupergraph } from '@tributary/gateway';

import { planAsGateway } from '../../../../bench/compile/operations.ts';
import { createSubgraphSchema } from '../../../../bench/gateway/graph/resolvers.ts';
import { composeSupergraph, EXPECTED, OPERATION } from '../../../../bench/gateway/graph/schema.ts';
import type { SubgraphName } from '../../../../bench/gateway/graph/schema.ts';

const requestsIn = (node: PlanNode | SubscriptionNode): number => {
  switch (node.kind) {
    case 'Fetch':
      return 1;
    case 'Flatten':
      return requestsIn(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.reduce((sum, each) => sum + requestsIn(each), 0);
    case 'Condition':
    case 'Defer':
    case 'Subscription':
      throw new Error(`A plan node of kind ${node.kind} was not expected.`);
  }
};

test('the plan of the measured operation has the requests that published comparisons have', () => {
  const { plan } = planAsGateway(loadSupergraph(composeSupergraph('http://127.0.0.1:9')), parse(OPERATION));
  expect(requestsIn(plan.node!)).toBe(EXPECTED.requests);
});

test('every subgraph answers for its own entities', async () => {
  const ask = async (subgraph: SubgraphName, source: string) =>
    graphql({ schema: createSubgraphSchema(subgraph), source });
  const entities = (reference: string, selection: string) =>
    `{ _entities(representations: [${reference}]) { ${selection} } }`;
  const product = '{ __typename: "Product", upc: "2", price: 1749, weight: 150 }';
  const user = '{ __typename: "User", id: "2" }';
  expect(await ask('accounts', entities(user, '... on User { username }'))).toEqual({
    data: { _entities: [{ username: 'jonas.adeyemi' }] },
  });
  expect(await ask('products', entities(product, '... on Product { name price weight }'))).toEqual({
    data: { _entities: [{ name: 'Desk lamp', price: 1_749, weight: 150 }] },
  });
  expect(await ask('inventory', entities(product, '... on Product { inStock shippingEstimate }'))).toEqual({
    data: { _entities: [{ inStock: true, shippingEstimate: 75 }] },
  });
  expect(await ask('reviews', entities(product, '... on Product { reviews { id author { id } } }'))).toEqual({
    data: { _entities: [{ reviews: ['5', '6', '7', '8'].map((id) => ({ id, author: { id: '1' } })) }] },
  });
});
