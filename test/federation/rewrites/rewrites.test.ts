import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('fields of one name and several types are answered under the names that the client gave them', async () => {
    expect(
      await graph.ask(`{
        accounts {
          ... on User { text: value texts: tags }
          ... on Group { number: value numbers: tags }
          ... on Bot { list: value lists: tags }
        }
      }`),
    ).toEqual({
      data: {
        accounts: [
          { text: 'text', texts: ['a', 'b'] },
          { number: 7, numbers: [1] },
          { list: [1.5], lists: null },
        ],
      },
    });
  });

  test('keys that may be null in one type and not in another travel for both', async () => {
    expect(
      await graph.ask(
        '{ accounts { __typename ... on User { a: limit } ... on Group { b: limit } ... on Bot { c: limit } } }',
      ),
    ).toEqual({
      data: {
        accounts: [
          { __typename: 'User', a: 1 },
          { __typename: 'Group', b: 'none' },
          { __typename: 'Bot', c: 0.5 },
        ],
      },
    });
    expect(graph.fetches[1]?.variables.representations).toEqual([
      { __typename: 'User', id: 'u1' },
      { __typename: 'Group', id: 'g1' },
      { __typename: 'Bot', id: 'b1' },
    ]);
  });

  test('objects below such fields are completed', async () => {
    expect(
      await graph.ask(`{
        accounts {
          ... on User { mine: owner { id limit seat { row } } }
          ... on Bot { ours: owner { id limit seat { row } } }
        }
      }`),
    ).toEqual({
      data: {
        accounts: [
          { mine: { id: 'u2', limit: 1, seat: { row: 1 } } },
          {},
          { ours: { id: 'g2', limit: 'none', seat: [{ row: 2 }, null] } },
        ],
      },
    });
  });

  test('an object keeps its fields when the types of one name differ only in what may be null', async () => {
    expect(await graph.ask('{ actors { id ... on Group { limit } } }')).toEqual({
      data: { actors: [{ id: 'u1' }, { id: 'g1', limit: 'none' }, { id: 'b1' }] },
    });
  });

  test('an error in a renamed field has the path that the client knows', async () => {
    expect(
      await graph.ask('{ accounts { ... on Group { a: seat { row } } ... on User { b: seat { row } } } }'),
    ).toEqual({
      data: { accounts: [{ b: { row: 1 } }, { a: [{ row: 2 }, null] }, {}] },
    });
  });
});
