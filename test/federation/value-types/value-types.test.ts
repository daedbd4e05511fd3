import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('objects without a key are answered by the subgraph that has the field', async () => {
    expect(
      await graph.ask('{ order { total { amount currency } billed { amount currency } parts { amount } } }'),
    ).toEqual({
      data: {
        order: {
          total: { amount: 5, currency: 'EUR' },
          billed: { amount: 7, currency: 'USD' },
          parts: [[{ amount: 1 }, null], []],
        },
      },
    });
    expect(graph.fetches).toHaveLength(2);
  });

  test('entities within them are completed', async () => {
    expect(await graph.ask('{ order { to { street city { name } } billTo { street city { zip name } } } }')).toEqual({
      data: {
        order: {
          to: { street: 'orders', city: { name: 'city z1' } },
          billTo: { street: 'bills', city: { zip: 'z3', name: 'city z3' } },
        },
      },
    });
  });

  test('a shared field of such a type has one answer', async () => {
    expect(await graph.ask('{ shared { street city { zip name } } }')).toEqual({
      data: { shared: { street: 'shared', city: { zip: 'z2', name: 'city z2' } } },
    });
  });

  test('a scalar of the subgraphs passes as it is, whatever is in it', async () => {
    expect(await graph.ask('{ order { extra raw } }')).toEqual({
      data: {
        order: {
          extra: { __proto: 1, list: [1, { deep: null }], total: { amount: 'text' } },
          raw: [false, 0, '', null],
        },
      },
    });
  });
});
