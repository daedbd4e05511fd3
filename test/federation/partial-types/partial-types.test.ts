import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import { expect, test } from 'vitest';

import { describeEveryExecutor } from '../../kit/federation.ts';
import { compose } from '../../kit/subgraph-source.ts';
import { subgraphs } from './subgraphs.ts';

const things =
  'things { __typename ... on Sign { text } ... on Painting { title owner { name } } ... on Scroll { lines } }';
const sign = { __typename: 'Sign', text: 'Do not touch' };
const painting = { __typename: 'Painting', title: 'Sea', owner: { name: 'Ann' } };
const scroll = { __typename: 'Scroll', lines: 7 };

describeEveryExecutor(subgraphs, (graph) => {
  const asked = () => graph.fetches.map(({ subgraph }) => subgraph);

  test.each([
    ['gallery', painting],
    ['archive', scroll],
  ])('%s is asked for what it knows, although the other subgraph does not know it', async (room, thing) => {
    expect(await graph.ask(`{ ${room} { wall { ${things} } } }`)).toEqual({
      data: { [room]: { wall: { things: [sign, thing] } } },
    });
    expect(asked()).toEqual([room]);
  });

  test('also when the other one is asked for something else', async () => {
    expect(await graph.ask(`{ gallery { keeper shelf { ${things} } wall { ${things} } } }`)).toEqual({
      data: { gallery: { keeper: 'Ed', shelf: { things: [scroll] }, wall: { things: [sign, painting] } } },
    });
    expect(asked()).toEqual(['gallery', 'archive']);
  });

  test('also behind an interface, and under the conditions of a client', async () => {
    const query = 'query ($in: Boolean = true) { gallery { wall { found { id ...Known @include(if: $in) } } } }';
    const fragment = 'fragment Known on Found { ... on Painting { title } ... on Scroll { lines } }';
    expect(await graph.ask(`${query} ${fragment}`)).toEqual({
      data: { gallery: { wall: { found: { id: 'f', title: 'Sea' } } } },
    });
    expect(asked()).toEqual(['gallery']);
  });

  test('who may be asked as well as the other is asked for what both know', async () => {
    expect(await graph.ask(`{ anyRoom { wall { ${things} } } }`)).toEqual({
      data: { anyRoom: { wall: { things: [sign] } } },
    });
    expect(asked()).toHaveLength(1);
  });

  test('where a field of the fragment is out of reach, the rest of the operation is answered', async () => {
    expect(await graph.ask('{ gallery { wall { things { __typename ... on Painting { title worth } } } } }')).toEqual({
      data: {
        gallery: { wall: { things: [{ __typename: 'Sign' }, { __typename: 'Painting', title: null, worth: null }] } },
      },
    });
  });
});

test('without the guard nobody is asked', () => {
  const supergraph = Supergraph.build(compose(subgraphs));
  const document = parse(`{ gallery { wall { ${things} } } }`);
  const plan = new QueryPlanner(supergraph).buildQueryPlan(operationFromDocument(supergraph.apiSchema(), document));
  expect(plan.node).toMatchObject({
    kind: 'Fetch',
    serviceName: 'gallery',
    operation: '{gallery{wall{things{__typename ...on Sign{text}}}}}',
  });
});
