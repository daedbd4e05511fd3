import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('every subgraph answers with the values that it knows', async () => {
    expect(
      await graph.ask('{ new: tickets { state before assigned } old: tickets(order: OLDEST) { state before } }'),
    ).toEqual({
      data: {
        new: [{ state: 'OPEN', before: 'CLOSED', assigned: 'STAFF' }],
        old: [{ state: 'CLOSED', before: 'ARCHIVED' }],
      },
    });
  });

  test('clients see all values that are answered, and those that all subgraphs accept', async () => {
    expect(
      await graph.ask(`{
        state: __type(name: "State") { enumValues { name } }
        order: __type(name: "Order") { enumValues(includeDeprecated: true) { name } }
      }`),
    ).toEqual({
      data: {
        state: { enumValues: [{ name: 'CLOSED' }, { name: 'ARCHIVED' }, { name: 'OPEN' }] },
        order: { enumValues: [{ name: 'NEWEST' }, { name: 'OLDEST' }] },
      },
    });
  });

  test('a value that one subgraph does not accept is refused for all', async () => {
    expect(await graph.ask('{ tickets(order: RANDOM) { id } }')).toEqual({
      errors: [{ message: 'Value "RANDOM" does not exist in "Order" enum.', code: 'GRAPHQL_VALIDATION_FAILED' }],
    });
    expect(
      (await graph.ask('query ($o: Order) { tickets(order: $o) { id } }', { variables: { o: 'RANDOM' } })).errors,
    ).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect(graph.fetches).toEqual([]);
  });

  test('a hidden value of a subgraph is null', async () => {
    expect(await graph.ask('{ new: archived(order: NEWEST) old: archived(order: OLDEST) }')).toEqual({
      data: { new: 'ARCHIVED', old: null },
    });
  });

  test('values travel as literals, variables and defaults', async () => {
    const query =
      'query ($r: Role, $o: [[Order!]] = [[NEWEST]]) { a: asked b: asked(role: STAFF) c: asked(role: $r) lists(orders: $o) }';
    expect(await graph.ask(query)).toEqual({ data: { a: 'ADMIN', b: 'STAFF', c: 'ADMIN', lists: 1 } });
    expect(await graph.ask(query, { variables: { r: null, o: [['OLDEST', 'NEWEST'], null, []] } })).toMatchObject({
      data: { a: 'ADMIN', b: 'STAFF', c: null },
    });
  });
});
