import { parse } from 'graphql';
import { expect, test } from 'vitest';

import { readCostRules } from '@tributary/gateway/cost/cost-rules';

const read = (sdl: string) => {
  const { weights, lists } = readCostRules(parse(sdl));
  return { weights: Object.fromEntries(weights), lists: Object.fromEntries(lists) };
};

const link = (args: string) => `schema @link(url: "https://specs.apollo.dev/cost/v0.1"${args}) { query: Query }`;

test('weights and sizes are read from types, fields and arguments', () => {
  const sdl = `${link(', import: ["@cost", "@listSize"]')}
    scalar Score @cost(weight: 3)
    type Query @cost(weight: 2) {
      a(b: Int @cost(weight: 4)): Score @cost(weight: 7)
      c(first: Int): [Query] @listSize(assumedSize: 5, slicingArguments: ["first"], sizedFields: ["nodes"])
      d: [Query] @listSize(slicingArguments: "first")
      e: Int @cost(weight: -1)
    }`;
  expect(read(sdl)).toEqual({
    weights: { Score: 3, Query: 2, 'Query.a': 7, 'Query.a(b:)': 4, 'Query.e': 0 },
    lists: {
      'Query.c': { assumedSize: 5, slicingArguments: ['first'], sizedFields: ['nodes'] },
      'Query.d': { assumedSize: null, slicingArguments: ['first'], sizedFields: [] },
    },
  });
});

test.each([
  ['', 'cost', 'cost__listSize'],
  [', as: "price"', 'price', 'price__listSize'],
  [', import: [{ name: "@cost", as: "@points" }, "@listSize"]', 'points', 'listSize'],
])('directives are found under the names that the link gives them: %s', (args, cost, listSize) => {
  const sdl = `${link(args)} type Query { a: [Query] @${cost}(weight: 7) @${listSize}(assumedSize: 5) }`;
  expect(read(sdl)).toEqual({
    weights: { 'Query.a': 7 },
    lists: { 'Query.a': { assumedSize: 5, slicingArguments: [], sizedFields: [] } },
  });
});

test('directives of the same name in a supergraph that links no costs are something else', () => {
  expect(read('type Query { a: Int @cost(weight: 7) }')).toEqual({ weights: {}, lists: {} });
});
