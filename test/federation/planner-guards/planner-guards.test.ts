import { expect, test } from 'vitest';

import { describeEveryExecutor, startFederation } from '../../kit/federation.ts';
import { catalog } from './catalog.subgraph.ts';
import { answerOfRawPlanner } from './raw-planner.ts';
import { shipping } from './shipping.subgraph.ts';

// What the planner gets wrong by itself, and that the gateway does not. Each case shows both, so that a guard can go when the planner
// does without it.

const subgraphs = { catalog, 'shipping-v1': shipping };

interface Case {
  name: string;
  query: string;
  /** What the client should get. */
  right: unknown;
}

const cases: readonly Case[] = [
  {
    name: 'a key by which nothing can be looked up is not used, although it is listed first',
    query: '{ parcel { label } }',
    right: { parcel: { label: 'label of table' } },
  },
  {
    name: 'the call of a client and a required call of the same field are two calls',
    query: '{ product { items(limit: 1) { id } few } }',
    right: { product: { items: [{ id: 'i0' }], few: 'few: 2 of undefined' } },
  },
  {
    name: 'it does not matter which of them comes first',
    query: '{ product { few items(limit: 1) { id } } }',
    right: { product: { few: 'few: 2 of undefined', items: [{ id: 'i0' }] } },
  },
  {
    name: 'a call with arguments does not stand in for a required field without',
    query: '{ product { cost price(currency: "GBP") } }',
    right: { product: { cost: 'cost of 10 EUR', price: '10 GBP' } },
  },
  {
    name: 'two fields that require different calls get one each',
    query: '{ product { few many weight } }',
    right: { product: { few: 'few: 2 of undefined', many: 'many: 4 of undefined', weight: 5 } },
  },
  {
    name: 'calls below a required field are told apart as well',
    query: '{ product { european american } }',
    right: { product: { european: 'european 80 CM', american: 'american table 80 INCH' } },
  },
  {
    name: 'calls on what is an interface are told apart as well',
    query: '{ product { long longer } }',
    right: { product: { long: 'long f2 in CM', longer: 'longer f2 in INCH' } },
  },
  {
    name: 'another field under the name of a required one is not taken for it',
    query: '{ product { price: name cost } }',
    right: { product: { price: 'table', cost: 'cost of 10 EUR' } },
  },
  {
    name: 'another field under the name of a key is not lost',
    query: '{ product { upc: name weight } }',
    right: { product: { upc: 'table', weight: 5 } },
  },
  {
    name: 'another field under the name of __typename is not lost',
    query: '{ media { __typename: id ... on Film { length(unit: CM) } } }',
    right: {
      media: [{ __typename: 'f1', length: 'f1 in CM' }, { __typename: 's1' }],
    },
  },
];

describeEveryExecutor(subgraphs, (graph) => {
  test.each(cases)('$name', async ({ query, right }) => {
    expect(await graph.ask(query)).toEqual({ data: right });
  });

  test('fields that are asked for apart keep their aliases, arguments and variables', async () => {
    const query = `query ($a: Int, $b: Int) { product { one: few(of: $a) two: many(of: $b) three: many(of: 9) } }`;
    expect(await graph.ask(query, { variables: { a: 7, b: 8 } })).toEqual({
      data: { product: { one: 'few: 2 of 7', two: 'many: 4 of 8', three: 'many: 4 of 9' } },
    });
  });

  test('fragments and conditions reach fields that are asked for apart', async () => {
    const query = `query ($no: Boolean!) { product { ...Both } }
      fragment Both on Product { few ... @skip(if: $no) { many } ... on Product @include(if: $no) { weight } }`;
    expect(await graph.ask(query, { variables: { no: false } })).toEqual({
      data: { product: { few: 'few: 2 of undefined', many: 'many: 4 of undefined' } },
    });
    expect(await graph.ask(query, { variables: { no: true } })).toEqual({
      data: { product: { few: 'few: 2 of undefined', weight: 5 } },
    });
  });
});

test.each(cases)('without the guards: $name', async ({ query, right }) => {
  expect(await answerOfRawPlanner(subgraphs, query)).not.toEqual({ data: right });
});

test('clients see none of the names that the planner is given', async () => {
  await using graph = await startFederation(subgraphs);
  const { data } = await graph.ask('{ __type(name: "Product") { fields { name } } }');
  const names = (data as { __type: { fields: { name: string }[] } }).__type.fields.map(({ name }) => name);
  expect(names.filter((name) => name.includes('__'))).toEqual([]);
  expect((await graph.ask('{ product { items__call1(limit: 1) { id } } }')).errors).toMatchObject([
    { code: 'GRAPHQL_VALIDATION_FAILED' },
  ]);
});

test('an error of a renamed field has the name of the client in its path', async () => {
  const failing = {
    ...catalog,
    resolvers: {
      ...catalog.resolvers,
      Product: {
        ...catalog.resolvers.Product,
        name: () => {
          throw new Error('no name');
        },
      },
    },
  };
  await using graph = await startFederation({ ...subgraphs, catalog: failing });
  const { data, errors } = await graph.ask('{ product { price: name cost } }');
  expect(data).toEqual({ product: { price: null, cost: 'cost of 10 EUR' } });
  expect(errors?.map(({ path }) => path)).toEqual([['product', 'price']]);
});
