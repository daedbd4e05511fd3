import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('a shared root field is put together from all subgraphs that have a part of it', async () => {
    expect(await graph.ask('{ product { id price { amount currency } left } }')).toEqual({
      data: { product: { id: '1', price: { amount: 5, currency: 'EUR' }, left: 3 } },
    });
    expect(graph.fetches.map(({ subgraph }) => subgraph).sort()).toEqual(['prices', 'stock']);
  });

  test('lists of a shared root field are put together item by item', async () => {
    expect(await graph.ask('{ products { id name { plain } price { amount } left } }')).toMatchObject({
      data: {
        products: [
          { id: '1', price: { amount: 1 }, left: 4 },
          { id: '2', price: null, left: 5 },
        ],
      },
    });
  });

  test('one subgraph is enough where it has all that is asked for', async () => {
    expect(await graph.ask('{ product { id name { html } left } }')).toEqual({
      data: { product: { id: '1', name: { html: '<b>stock</b>' }, left: 3 } },
    });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['stock']);
  });

  test('a shared leaf is asked of one subgraph, with its arguments', async () => {
    expect(await graph.ask('{ version two: version(major: 2) }')).toEqual({ data: { version: '1.0', two: '2.0' } });
    expect(graph.fetches).toHaveLength(1);
  });

  test('a shared field of an entity is answered by the subgraph that is asked anyway', async () => {
    expect(await graph.ask('{ thing { kind left } other { kind color } }')).toEqual({
      data: { thing: { kind: 'stock', left: 1 }, other: { kind: 'kinds', color: 'red' } },
    });
    expect(graph.fetches).toHaveLength(2);
  });
});
