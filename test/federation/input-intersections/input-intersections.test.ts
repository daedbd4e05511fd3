import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('an input that both subgraphs know arrives at both', async () => {
    expect(
      await graph.ask('{ first(filter: { words: ["a", "b"] }) second(filter: { words: "a", depth: null }) }'),
    ).toEqual({
      data: {
        first: '{"filter":{"words":["a","b"],"depth":2},"page":{"size":5}}',
        second: '{"filter":{"words":["a"],"depth":null}}',
      },
    });
  });

  test('variables arrive as they were sent, left out where they were left out', async () => {
    const query = `query ($f: Filter!, $p: Page, $after: ID) {
      first(filter: $f, page: $p)
      other: first(filter: { inner: $f, depth: 1 }, page: { after: $after })
      second(filter: $f)
    }`;
    expect(await graph.ask(query, { variables: { f: { inner: { words: ['x'] } } } })).toEqual({
      data: {
        first: '{"filter":{"depth":2,"inner":{"words":["x"],"depth":2}},"page":{"size":5}}',
        other: '{"filter":{"depth":1,"inner":{"depth":2,"inner":{"words":["x"],"depth":2}}},"page":{"size":10}}',
        second: '{"filter":{"depth":2,"inner":{"words":["x"],"depth":2}}}',
      },
    });
    expect(await graph.ask(query, { variables: { f: {}, p: null, after: null } })).toMatchObject({
      data: {
        first: '{"filter":{"depth":2},"page":null}',
        other: '{"filter":{"depth":1,"inner":{"depth":2}},"page":{"size":10,"after":null}}',
      },
    });
  });

  test.each(['onlyFirst', 'onlySecond'])('the field %s, which one subgraph alone has, is refused', async (field) => {
    const { errors } = await graph.ask(`{ first(filter: { ${field}: null }) }`);
    expect(errors).toMatchObject([{ code: 'GRAPHQL_VALIDATION_FAILED' }]);
    const { errors: ofVariables } = await graph.ask('query ($f: Filter!) { first(filter: $f) }', {
      variables: {
        f: { [field]: null },
      },
    });
    expect(ofVariables).toEqual([
      { message: expect.stringContaining(`the field "${field}" is not defined`) as string, code: 'BAD_USER_INPUT' },
    ]);
    expect(graph.fetches).toEqual([]);
  });

  test('variables reach fields of entities in fetches that come later', async () => {
    const query =
      'query ($f: Filter, $p: Page = { size: 1 }) { things { echo(filter: $f) second(filter: $f, page: $p) } }';
    expect(await graph.ask(query, { variables: { f: { words: [] } } })).toEqual({
      data: {
        things: [
          {
            echo: '{"filter":{"words":[],"depth":2}}',
            second: '{"filter":{"words":[],"depth":2},"page":{"size":1}}',
          },
        ],
      },
    });
  });
});
