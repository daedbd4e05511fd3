import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  const representations = () =>
    graph.fetches.flatMap(
      ({ variables }) => (variables.representations as Record<string, unknown>[] | undefined) ?? [],
    );
  const names = ['p1', 'p2', 'p1', 'p1', 'p2'].map((id) => ({ product: { name: `name of ${id}` } }));

  test('an entity that stands at many places is asked for once, and answered at each', async () => {
    expect(await graph.ask('{ reviews { product { name } } }')).toEqual({ data: { reviews: names } });
    expect(representations()).toEqual([
      { __typename: 'Product', id: 'p1' },
      { __typename: 'Product', id: 'p2' },
    ]);
  });

  test('entities that differ in one field of their key, or in what a field requires, are different', async () => {
    expect(await graph.ask('{ reviews { writer { age } product { grade } } }')).toEqual({
      data: {
        reviews: [
          { writer: { age: 2 }, product: { grade: 'B' } },
          { writer: { age: 2 }, product: { grade: 'C' } },
          { writer: { age: 2 }, product: { grade: 'B' } },
          { writer: { age: 1 }, product: { grade: 'B' } },
          { writer: { age: 1 }, product: { grade: 'C' } },
        ],
      },
    });
    expect(representations()).toHaveLength(4);
  });

  test('the same question about the same entities is asked once, though the plan has it twice', async () => {
    expect(await graph.ask('{ reviews { editor { age } } best { editor { age } } }')).toEqual({
      data: { reviews: [2, 2, 2, 2, 2].map((age) => ({ editor: { age } })), best: { editor: { age: 2 } } },
    });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['reviews', 'products']);
  });

  test('questions that differ in a name or an argument are both asked', async () => {
    expect(
      await graph.ask(
        '{ a: best { product { price } } b: best { product { cost: price } } c: best { product { price(in: "USD") } } }',
      ),
    ).toEqual({
      data: {
        a: { product: { price: 'p2 EUR' } },
        b: { product: { cost: 'p2 EUR' } },
        c: { product: { price: 'p2 USD' } },
      },
    });
    expect(graph.fetches).toHaveLength(4);
  });

  test('objects within an entity that is shared are shaped for each place by itself', async () => {
    expect(
      await graph.ask('{ reviews { id product { parts { name } } } best { product { parts { part: name } } } }'),
    ).toEqual({
      data: {
        reviews: ['p1', 'p2', 'p1', 'p1', 'p2'].map((name, index) => ({
          id: `r${index}`,
          product: { parts: [{ name }] },
        })),
        best: { product: { parts: [{ part: 'p2' }] } },
      },
    });
  });

  test('the next request asks anew', async () => {
    await graph.ask('{ best { product { name } } }');
    await graph.ask('{ best { product { name } } }');
    expect(graph.fetches).toHaveLength(4);
  });

  test('a mutation is never taken for an earlier one', async () => {
    await graph.ask('mutation { a: review { id } }');
    await graph.ask('mutation { a: review { id } }');
    expect(graph.fetches).toHaveLength(2);
  });
});
