import { expect, test } from 'vitest';

import { createNodesSubgraph } from '@tributary/gateway';
import { toGlobalId } from '@tributary/kit/ids';
import type { Principal } from '@tributary/kit/principal';
import { subgraphSdl } from '@tributary/schema';

const nodes = createNodesSubgraph(subgraphSdl('nodes'));
const jane: Principal = {
  type: 'user',
  userId: 'u1',
  roles: ['CUSTOMER'],
  scopes: [],
  memberships: [],
  authTime: null,
  amr: [],
};
const uuid = '01920000-0000-7000-8000-000000000001';
const order = toGlobalId('Order', uuid);
const user = toGlobalId('User', uuid);

const ask = (query: string, variables: Record<string, unknown> = {}, principal: Principal | null = jane) =>
  nodes
    .execute({ query, variables }, { principal, requestId: 'r', deadline: Date.now() + 1_000 })
    .then((result) => ({ ...result, ...(result.errors && { errors: result.errors.map((error) => error.toJSON()) }) }));

const manyQuery = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

test('the prefix of an id names the type', async () => {
  expect(await ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id: order })).toEqual({
    data: { node: { __typename: 'Order', id: order } },
  });
});

test('many ids are answered in their order, malformed ones with an error in their place', async () => {
  const foreign = toGlobalId('LedgerTransaction', uuid); // a type that is not published
  expect(await ask(manyQuery, { ids: [user, 'nonsense', order, foreign, user] })).toEqual({
    data: {
      nodes: [
        { __typename: 'User', id: user },
        null,
        { __typename: 'Order', id: order },
        null,
        { __typename: 'User', id: user },
      ],
    },
    errors: [1, 3].map((index): unknown =>
      expect.objectContaining({
        message: 'This is not a global id of this graph.',
        path: ['nodes', index],
        extensions: { code: 'INVALID_ID' },
      }),
    ),
  });
});

test('a malformed id is an error at the field', async () => {
  expect(await ask('{ node(id: "ord_1") { id } }')).toEqual({
    data: { node: null },
    errors: [expect.objectContaining({ path: ['node'], extensions: { code: 'INVALID_ID' } })],
  });
});

test('at most a hundred ids are answered', async () => {
  expect(await ask(manyQuery, { ids: Array.from({ length: 100 }, () => order) })).not.toHaveProperty('errors');
  expect(await ask(manyQuery, { ids: Array.from({ length: 101 }, () => order) })).toEqual({
    data: null,
    errors: [
      expect.objectContaining({
        message: '"ids" may have at most 100 items.',
        path: ['nodes'],
        extensions: { code: 'LIST_TOO_LONG' },
      }),
    ],
  });
});

test.each([`{ node(id: "${order}") { id } }`, `{ nodes(ids: []) { id } }`, '{ node(id: "nonsense") { id } }'])(
  'an anonymous caller gets nothing, not even a look at the id: %s',
  async (query) => {
    expect(await ask(query, {}, null)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  },
);
