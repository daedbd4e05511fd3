import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('an entity is completed by a single key', async () => {
    expect(await graph.ask('{ parcel(id: "p2") { weight scans } }')).toEqual({
      data: { parcel: { weight: 200, scans: 66 } },
    });
    expect(graph.fetches.map(({ subgraph, variables }) => [subgraph, variables.representations])).toEqual([
      ['stock', undefined],
      ['codes', [{ __typename: 'Parcel', id: 'p2' }]],
    ]);
  });

  test('a key of several fields travels with all of them', async () => {
    expect(await graph.ask('{ parcels { id lit } }')).toEqual({
      data: {
        parcels: [
          { id: 'p1', lit: false },
          { id: 'p2', lit: true },
          { id: 'p3', lit: false },
        ],
      },
    });
    expect(graph.fetches[1]?.variables.representations).toEqual([
      { __typename: 'Parcel', aisle: 'north', slot: 1 },
      { __typename: 'Parcel', aisle: 'north', slot: 2 },
      { __typename: 'Parcel', aisle: 'south', slot: 1 },
    ]);
  });

  test('a key within objects travels in its objects, and nothing else of them does', async () => {
    expect(await graph.ask('{ parcel(id: "p3") { days carrier { id } } }')).toEqual({
      data: { parcel: { days: 4, carrier: { id: 'c1' } } },
    });
    expect(graph.fetches[1]?.variables.representations).toEqual([
      { __typename: 'Parcel', carrier: { id: 'c1', country: { iso: 'es' } } },
    ]);
  });

  test('where two subgraphs share no key, a third one that knows both leads from one to the other', async () => {
    expect(await graph.ask('{ parcels { label } }')).toEqual({
      data: { parcels: [{ label: 'label AA' }, { label: 'label BB' }, { label: 'label CC' }] },
    });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['stock', 'codes', 'labels']);
  });

  test('keys lead from every subgraph to every other one', async () => {
    expect(
      await graph.ask(`{
        place(aisle: "south", slot: 1) { id weight scans label days lit }
        latest { aisle slot label weight }
        printed { code lit days }
        scanned(code: "BB") { weight lit carrier { country { iso } } }
      }`),
    ).toEqual({
      data: {
        place: { id: 'p3', weight: 100, scans: 67, label: 'label CC', days: 4, lit: false },
        latest: { aisle: 'south', slot: 1, label: 'label CC', weight: 100 },
        printed: [{ code: 'CC', lit: false, days: 4 }, null, { code: 'AA', lit: false, days: 4 }],
        scanned: { weight: 200, lit: true, carrier: { country: { iso: 'pt' } } },
      },
    });
  });

  test('an entity that nobody has under its key leaves the fields of others null', async () => {
    expect(await graph.ask('{ place(aisle: "east", slot: 9) { aisle weight } }')).toEqual({
      data: { place: null },
      errors: [
        {
          message: 'The part of the graph behind this field sent an answer that cannot be used.',
          path: ['place', 'weight'],
          code: 'SUBGRAPH_MALFORMED_RESPONSE',
        },
      ],
    });
  });
});
