import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('a field that the interface has in another subgraph is fetched for objects of every type', async () => {
    expect(await graph.ask('{ vehicles { id weight } }')).toEqual({
      data: {
        vehicles: [
          { id: 'c1', weight: 1000 },
          { id: 'b1', weight: 5000 },
        ],
      },
    });
    expect(graph.fetches[1]?.variables.representations).toEqual([
      { __typename: 'Car', id: 'c1' },
      { __typename: 'Boat', id: 'b1' },
    ]);
  });

  test('one type has its fields fetched under other names and arguments than the next', async () => {
    expect(
      await graph.ask(
        '{ vehicles { ... on Car { w: weight(unit: "t") plate } ... on Boat { w: weight name } weight } }',
      ),
    ).toEqual({
      data: {
        vehicles: [
          { w: 1, plate: 'AA-1', weight: 1000 },
          { w: 5000, name: 'Nau', weight: 5000 },
        ],
      },
    });
  });

  test('what objects of one type bring along is fetched for those of the next, and only for them', async () => {
    const query = '{ vehicles { ... on Car { keeper { phone } } ... on Boat { keeper { phone } } } }';
    expect(await graph.ask(query)).toEqual({
      data: { vehicles: [{ keeper: { phone: 'phone of k2' } }, { keeper: { phone: 'phone of k1' } }] },
    });
    expect(graph.fetches.at(-1)?.variables.representations).toEqual([{ __typename: 'Keeper', id: 'k2' }]);
  });

  test('interfaces, whose implementing types only partly overlap, narrow each other', async () => {
    expect(await graph.ask('{ vehicles { __typename ... on Machine { repairs } ... on Node { id } } }')).toEqual({
      data: {
        vehicles: [
          { __typename: 'Car', repairs: 3, id: 'c1' },
          { __typename: 'Boat', id: 'b1' },
        ],
      },
    });
  });

  test('an object that came as one interface has the fields of another one', async () => {
    expect(
      await graph.ask(
        '{ repaired { __typename repairs ... on Vehicle { weight owner { name } } ... on Car { plate } } }',
      ),
    ).toEqual({
      data: {
        repaired: [
          { __typename: 'Car', repairs: 3, weight: 1000, owner: { name: 'Ann' }, plate: 'AA-1' },
          null,
          { __typename: 'Crane', repairs: 1 },
        ],
      },
    });
  });

  test('references go round through interfaces', async () => {
    expect(
      await graph.ask(
        '{ vehicle(id: "c1") { owner { uses { id next { id owner { name } } weight } } next { next { next { id } } } } }',
      ),
    ).toEqual({
      data: {
        vehicle: {
          owner: {
            uses: [
              { id: 'b1', next: { id: 'c1', owner: { name: 'Ann' } }, weight: 5000 },
              { id: 'c1', next: { id: 'b1', owner: null }, weight: 1000 },
            ],
          },
          next: { next: { next: { id: 'b1' } } },
        },
      },
    });
  });

  test('a union is asked by the interfaces of its members', async () => {
    expect(
      await graph.ask('{ anything { ... on Vehicle { weight } ... on Node { id } ... on Named { name } } }'),
    ).toEqual({ data: { anything: { weight: 5000, id: 'b1' } } });
  });

  test.each([
    ['p1', { __typename: 'Person', id: 'p1', name: 'Ann' }],
    ['c1', { __typename: 'Car', id: 'c1', weight: 1000 }],
    ['nobody', null],
  ])('the node %s is completed as what it is', async (id, node) => {
    const query =
      'query ($id: ID!) { node(id: $id) { __typename id ... on Named { name } ... on Vehicle { weight } } }';
    expect(await graph.ask(query, { variables: { id } })).toEqual({ data: { node } });
  });
});
