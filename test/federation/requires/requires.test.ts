import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  const ask = async (fields: string) => (await graph.ask(`{ parcel(id: "1") { ${fields} } }`)).data;

  test('a required field travels along with the key, though the client did not ask for it', async () => {
    expect(await graph.ask('{ parcels { price } }')).toEqual({
      data: { parcels: [{ price: '{"weight":100}' }, { price: '{"weight":null}' }] },
    });
    expect(graph.fetches.at(-1)?.variables.representations).toEqual([
      { __typename: 'Parcel', id: '1', weight: 100 },
      { __typename: 'Parcel', id: '2', weight: null },
    ]);
  });

  test('a required field is asked for with the arguments that the directive gives it', async () => {
    expect(await ask('box')).toEqual({ parcel: { box: '{"size":10}' } });
  });

  test('required fields of nested objects come from wherever they are', async () => {
    expect(await ask('route')).toEqual({ parcel: { route: '{"city":{"zone":1},"gate":null}' } });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['catalog', 'cities', 'shipping']);
  });

  test('required fields of a union are those of each of its members', async () => {
    expect(await ask('papers')).toEqual({
      parcel: { papers: '[{"__typename":"Book","pages":300},{"__typename":"Lamp","watts":60}]' },
    });
  });

  test('required fields of an interface are those of the interface and of the type that is there', async () => {
    expect(await graph.ask('{ parcels { label } }')).toEqual({
      data: {
        parcels: [
          { label: '{"__typename":"Book","id":"b1"}' },
          { label: '{"__typename":"Lamp","id":"l1","watts":60}' },
        ],
      },
    });
  });

  test('required fields in lists of lists keep their places', async () => {
    expect(await ask('map')).toEqual({ parcel: { map: '[[{"gate":"x"}],null,[]]' } });
  });

  test('what is required may itself require something', async () => {
    expect(await ask('premium')).toEqual({ parcel: { premium: 'premium of {"weight":100}' } });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['catalog', 'shipping', 'insurance']);
  });

  test('a chain of requirements is followed from its beginning', async () => {
    expect(await ask('fee')).toEqual({
      parcel: { fee: '{"weight":100,"premium":"premium of {\\"weight\\":100}"}' },
    });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['catalog', 'shipping', 'insurance', 'agents']);
  });

  test('two subgraphs may require something of each other', async () => {
    expect(await graph.ask('{ contract { rate } }')).toEqual({ data: { contract: { rate: 40 } } });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['rates', 'contracts', 'rates']);
  });

  test('fields that require different things are asked for together', async () => {
    expect(await ask('price box route map weight')).toEqual({
      parcel: {
        price: '{"weight":100}',
        box: '{"size":10}',
        route: '{"city":{"zone":1},"gate":null}',
        map: '[[{"gate":"x"}],null,[]]',
        weight: 100,
      },
    });
  });

  test('the field may be asked for under other names and several times', async () => {
    expect(await ask('a: price b: price price')).toEqual({
      parcel: { a: '{"weight":100}', b: '{"weight":100}', price: '{"weight":100}' },
    });
  });
});
