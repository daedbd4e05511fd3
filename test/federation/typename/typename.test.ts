import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('the root types go by their names in the graph, and no subgraph is asked', async () => {
    expect(await graph.ask('{ __typename a: __typename ... on Query { b: __typename } }')).toEqual({
      data: { __typename: 'Query', a: 'Query', b: 'Query' },
    });
    expect(await graph.ask('mutation { __typename }')).toEqual({ data: { __typename: 'Mutation' } });
    expect(graph.fetches).toEqual([]);
  });

  test('the name of a root type is answered beside other fields, in its place', async () => {
    expect((await graph.send('{ a: __typename meter __typename }')).text).toBe(
      '{"data":{"a":"Query","meter":1,"__typename":"Query"}}\n',
    );
    expect(await graph.ask('mutation { clean { __typename time { __typename } } __typename }')).toEqual({
      data: { clean: { __typename: 'Clock', time: { __typename: 'Time' } }, __typename: 'Mutation' },
    });
  });

  test('objects say what they are, wherever they come from', async () => {
    expect(
      await graph.ask(
        '{ clock { __typename time { __typename } } device { __typename ... on Oven { since { __typename hours } } } }',
      ),
    ).toEqual({
      data: {
        clock: { __typename: 'Clock', time: { __typename: 'Time' } },
        device: { __typename: 'Oven', since: { __typename: 'Time', hours: 3 } },
      },
    });
  });

  test('objects of interfaces and unions say which type they are of', async () => {
    expect(
      await graph.ask(
        '{ devices { __typename type: __typename } any { __typename ... on Clock { kind: __typename } } }',
      ),
    ).toEqual({
      data: {
        devices: [{ __typename: 'Oven', type: 'Oven' }, null],
        any: { __typename: 'Clock', kind: 'Clock' },
      },
    });
  });

  test('it can be all that is asked', async () => {
    expect(await graph.ask('{ device { __typename } any { __typename } clock { __typename } }')).toEqual({
      data: { device: { __typename: 'Oven' }, any: { __typename: 'Clock' }, clock: { __typename: 'Clock' } },
    });
  });

  test('another field may go by its name', async () => {
    expect(await graph.ask('{ device { t: __typename ... on Oven { typename: watts } } }')).toEqual({
      data: { device: { t: 'Oven', typename: 900 } },
    });
  });
});
