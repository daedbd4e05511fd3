import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('the root of the graph can be reached from a mutation, with fields of every subgraph', async () => {
    expect(await graph.ask('mutation { rename { ok query { title me { name } board { owner { name } } } } }')).toEqual({
      data: { rename: { ok: true, query: { title: 'title', me: { name: 'Ann' }, board: { owner: { name: 'Bob' } } } } },
    });
  });

  test('the root of the graph can be reached from an entity', async () => {
    expect(await graph.ask('{ board { id root { me { id } title(upper: true) __typename } owner { id } } }')).toEqual({
      data: {
        board: {
          id: 'b1',
          root: { me: { id: 'u1' }, title: 'TITLE', __typename: 'Query' },
          owner: { id: 'owner of b1' },
        },
      },
    });
  });

  test('every object that answers with the root gets the same, and the other subgraph is asked once', async () => {
    expect(await graph.ask('{ boards { root { me { name } } roots { me { id } } } me { name } }')).toEqual({
      data: {
        boards: [
          { root: { me: { name: 'Ann' } }, roots: [{ me: { id: 'u1' } }, null, { me: { id: 'u1' } }] },
          { root: { me: { name: 'Ann' } }, roots: [{ me: { id: 'u1' } }, null, { me: { id: 'u1' } }] },
        ],
        me: { name: 'Ann' },
      },
    });
    const asked = graph.fetches
      .filter(({ subgraph }) => subgraph === 'users')
      .map(({ query }) => query.replace(/__\w+/, ''));
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('an error below has the path at which the client sees it, each time', async () => {
    expect(await graph.ask('{ boards { root { fail } } }')).toEqual({
      data: { boards: [{ root: { fail: null } }, { root: { fail: null } }] },
      errors: [0, 1].map((index) => ({
        message: 'Something went wrong on our side.',
        path: ['boards', index, 'root', 'fail'],
        code: 'INTERNAL_SERVER_ERROR',
        subgraph: 'users',
      })),
    });
  });

  test('the root can be reached from itself over and over', async () => {
    expect(await graph.ask('{ board { root { board { root { board { owner { name } } me { name } } } } } }')).toEqual({
      data: { board: { root: { board: { root: { board: { owner: { name: 'Bob' } }, me: { name: 'Ann' } } } } } },
    });
  });
});
