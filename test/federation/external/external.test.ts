import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('types that subgraphs of the first generation extend are one type', async () => {
    expect(await graph.ask('{ user(id: "u1") { email rank posts } }')).toEqual({
      data: { user: { email: 'u1@example.org', rank: 1, posts: ['by u1'] } },
    });
  });

  test('root fields that are added by extension are root fields', async () => {
    expect(await graph.ask('{ best { id email } authors { id posts } }')).toEqual({
      data: {
        best: { id: 'u3', email: 'u3@example.org' },
        authors: [
          { id: 'u1', posts: ['by u1'] },
          { id: 'u2', posts: ['by u2'] },
        ],
      },
    });
  });

  test('a key that is marked as external can still be answered', async () => {
    expect(await graph.ask('{ best { badge { owner { id } } } authors { id } }')).toEqual({
      data: { best: { badge: { owner: { id: 'u3' } } }, authors: [{ id: 'u1' }, { id: 'u2' }] },
    });
  });

  test('an external field is not asked of those who do not own it', async () => {
    expect(await graph.ask('{ user(id: "u2") { rank } providedUser { rank } }')).toEqual({
      data: { user: { rank: 1 }, providedUser: { rank: 2 } },
    });
  });

  test('what a subgraph of the first generation requires is sent to it', async () => {
    expect(await graph.ask('{ authors { signature } }')).toEqual({
      data: { authors: [{ signature: '-- u1@example.org' }, { signature: '-- u2@example.org' }] },
    });
  });

  test('both generations extend the same type', async () => {
    expect(await graph.ask('{ user(id: "u1") { groups badge { color owner { rank groups } } } }')).toEqual({
      data: {
        user: { groups: ['friends of u1'], badge: { color: 'red', owner: { rank: 1, groups: ['friends of u1'] } } },
      },
    });
  });

  test('a subgraph that only names an entity is not asked for it', async () => {
    expect(await graph.ask('{ link { user { id email } } }')).toEqual({
      data: { link: { user: { id: 'u4', email: 'u4@example.org' } } },
    });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['links', 'users']);
  });
});
