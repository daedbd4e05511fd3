import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('an object that is not there is not asked for, and stays null', async () => {
    expect(await graph.ask('{ desks { id person { name } } }')).toEqual({
      data: {
        desks: [
          { id: 'd1', person: { name: 'ANN' } },
          { id: 'd2', person: null },
          { id: 'd3', person: { name: null } },
          { id: 'd4', person: { name: 'BOB' } },
        ],
      },
    });
    expect(graph.fetches[1]?.variables.representations).toEqual([
      { __typename: 'Person', id: 'ann' },
      { __typename: 'Person', id: 'gone' },
      { __typename: 'Person', id: 'bob' },
    ]);
  });

  test('a null within a list within a list keeps its place', async () => {
    expect(await graph.ask('{ rows { name } }')).toEqual({
      data: { rows: [[{ name: 'ANN' }, null], null, [{ name: null }, { name: 'BOB' }]] },
    });
  });

  test('a key that is null is a value like any other', async () => {
    expect(await graph.ask('{ desks { person { opens } } }')).toEqual({
      data: {
        desks: [
          { person: { opens: ['door 1'] } },
          { person: null },
          { person: { opens: null } },
          { person: { opens: null } },
        ],
      },
    });
    expect(graph.fetches[1]?.variables.representations).toEqual([
      { __typename: 'Person', badge: 1 },
      { __typename: 'Person', badge: null },
    ]);
  });

  test('null on the way to a further subgraph ends the way', async () => {
    expect(await graph.ask('{ desks { person { room { floor } } } }')).toEqual({
      data: {
        desks: [
          { person: { room: { floor: 3 } } },
          { person: null },
          { person: { room: null } },
          { person: { room: null } },
        ],
      },
    });
    expect(graph.fetches[2]?.variables.representations).toEqual([{ __typename: 'Room', id: 'r1' }]);
  });

  test('where no object is left there is no fetch', async () => {
    expect(
      await graph.ask('query ($yes: Boolean!) { desks @skip(if: $yes) { person { name } } }', {
        variables: { yes: true },
      }),
    ).toEqual({
      data: {},
    });
    expect(graph.fetches).toEqual([]);
  });
});
