import { expect, test } from 'vitest';

import { describeEveryExecutor } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeEveryExecutor(subgraphs, (graph) => {
  const fetched = () => graph.fetches.map(({ subgraph, query }) => `${subgraph}: ${query}`);

  test('clients see the directives that they can use, and where', async () => {
    const { data } = await graph.ask(`{
      __schema { directives { name description isRepeatable locations args { name defaultValue } } }
    }`);
    const { directives } = (data as { __schema: { directives: { name: string }[] } }).__schema;
    const own = ['access', 'traced', 'quietly', 'team'];
    expect(directives.filter(({ name }) => own.includes(name))).toEqual([
      {
        name: 'access',
        description: 'Who may know of it.',
        isRepeatable: true,
        locations: ['FIELD'],
        args: [
          { name: 'scope', defaultValue: 'PUBLIC' },
          { name: 'reason', defaultValue: null },
        ],
      },
      {
        name: 'traced',
        description: null,
        isRepeatable: false,
        locations: ['QUERY', 'MUTATION'],
        args: [{ name: 'with', defaultValue: null }],
      },
    ]);
  });

  test('the subgraph of a field gets its directives, with the default that clients see', async () => {
    expect(await graph.ask('{ product @access { name @access(scope: STAFF) left @access(reason: "new") } }')).toEqual({
      data: { product: { name: 'table', left: 3 } },
    });
    expect(fetched()).toEqual([
      'catalog: {product@access(scope:PUBLIC){__typename id name@access(scope:STAFF)}}',
      'store: query($representations:[_Any!]!){_entities(representations:$representations){...on Product{left@access(reason:"new" scope:PUBLIC)}}}',
    ]);
  });

  test('a field may have one twice, and beside a condition', async () => {
    const query = '{ product { name name @access @access(scope: STAFF) left @access @include(if: true) } }';
    expect(await graph.ask(query)).toEqual({ data: { product: { name: 'table', left: 3 } } });
    expect(fetched().join()).toContain('name name@access(scope:PUBLIC)@access(scope:STAFF)');
    expect(fetched().join()).toContain('left@access(scope:PUBLIC)}');
  });

  test('a field that requires a call takes them as well', async () => {
    expect(await graph.ask('{ product { slogan @access } }')).toEqual({ data: { product: { slogan: 'buy a tab' } } });
    expect(fetched()[1]).toContain('{slogan@access(scope:PUBLIC)}');
  });

  test('a variable goes where its directive goes', async () => {
    const query =
      'query ($scope: Scope!, $name: String, $why: String) @traced(with: { name: $name }) ' +
      '{ product { name left @access(scope: $scope, reason: $why) } }';
    expect(await graph.ask(query, { variables: { scope: 'STAFF', name: 'n', why: 'w' } })).toEqual({
      data: { product: { name: 'table', left: 3 } },
    });
    expect(graph.fetches.map(({ variables }) => variables)).toEqual([
      { name: 'n' },
      { name: 'n', scope: 'STAFF', why: 'w', representations: [{ __typename: 'Product', id: 'p1' }] },
    ]);
    expect(fetched().every((each) => each.includes('@traced(with:{name:$name}'))).toBe(true);
  });

  test('the directives of a mutation go along with every fetch', async () => {
    expect(await graph.ask('mutation @traced { productRename(name: "desk") @access { name left } }')).toEqual({
      data: { productRename: { name: 'desk', left: 3 } },
    });
    expect(fetched()).toEqual([
      'catalog: mutation@traced{productRename(name:"desk")@access(scope:PUBLIC){__typename id name}}',
      'store: query($representations:[_Any!]!)@traced{_entities(representations:$representations){...on Product{left}}}',
    ]);
  });

  test('a subgraph that does not know a directive refuses it, and the rest is answered', async () => {
    expect(await graph.ask('{ product { name @access rating @access } }')).toMatchObject({
      data: { product: { name: 'table', rating: null } },
      errors: [{ path: ['product', 'rating'], subgraph: 'reviews' }],
    });
  });

  test.each([
    ['an argument of another type', '{ product @access(scope: NOBODY) { name } }', 'Value "NOBODY" does not exist'],
    ['a fragment', '{ product { ... @access { name } } }', 'may not be used on INLINE_FRAGMENT'],
    ['a variable', 'query ($a: String @traced) { product { left(weighed: $a) } }', 'on VARIABLE_DEFINITION'],
    ['what has no place in an operation', '{ product @team(name: "a") { name } }', 'Unknown directive "@team".'],
    [
      'what queries would have to carry',
      'mutation @quietly { productRename(name: "a") { id } }',
      'directive "@quietly"',
    ],
  ])('%s is refused', async (_what, query, message) => {
    expect((await graph.ask(query)).errors).toEqual([
      { message: expect.stringContaining(message) as unknown, code: 'GRAPHQL_VALIDATION_FAILED' },
    ]);
    expect(graph.fetches).toEqual([]);
  });
});
