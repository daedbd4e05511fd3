import { buildClientSchema, getIntrospectionQuery, printSchema } from 'graphql';
import type { IntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('clients see one schema, without the ways in which it is put together', async () => {
    const { data } = await graph.ask(getIntrospectionQuery({ directiveIsRepeatable: true }));
    expect(printSchema(buildClientSchema(data as IntrospectionQuery)))
      .toBe(`directive @upper(mark: Mark! = STAR) repeatable on FIELD

directive @defer(label: String, if: Boolean! = true) on FRAGMENT_SPREAD | INLINE_FRAGMENT

enum Mark {
  STAR
  DASH
}

type Query {
  """Looks a word up."""
  word(
    id: ID!

    """Language."""
    language: String = "en"
  ): Word @deprecated(reason: "Use words.")
  words: [Word!]!
}

type Word {
  id: ID!
  sound: String
  text: String!
}`);
    expect(graph.fetches).toEqual([]);
  });

  test('introspection and data come together', async () => {
    const query = `query ($type: String!, $no: Boolean = false) {
      words { text sound }
      __schema @skip(if: $no) { queryType { name } ...Kinds }
      word: __type(name: $type) { ... on __Type { name fields { name } } }
      nothing: __type(name: "Nothing") { name }
    }
    fragment Kinds on __Schema { mutationType { name } }`;
    expect(await graph.ask(query, { variables: { type: 'Word' } })).toEqual({
      data: {
        words: [{ text: 'one', sound: 'wan' }],
        __schema: { queryType: { name: 'Query' }, mutationType: null },
        word: { name: 'Word', fields: [{ name: 'id' }, { name: 'sound' }, { name: 'text' }] },
        nothing: null,
      },
    });
    expect(await graph.ask(query, { variables: { type: 'Mark', no: true } })).toEqual({
      data: { words: [{ text: 'one', sound: 'wan' }], word: { name: 'Mark', fields: null }, nothing: null },
    });
  });

  test('directives of the schema may stand in operations, with and without their arguments', async () => {
    expect(await graph.ask('{ words { text @upper sound @upper(mark: DASH) @upper } }')).toEqual({
      data: { words: [{ text: 'one', sound: 'wan' }] },
    });
    expect((await graph.ask('{ words { text @upper(mark: DOT) } }')).errors).toEqual([
      { message: 'Value "DOT" does not exist in "Mark" enum.', code: 'GRAPHQL_VALIDATION_FAILED' },
    ]);
  });
});
