import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('entities are joined by keys that clients cannot see', async () => {
    expect(await graph.ask('{ guests { name drinks } }')).toEqual({
      data: { guests: [{ name: 'Ann', drinks: ['tea'] }] },
    });
  });

  test('a field that clients cannot see can be required', async () => {
    expect(await graph.ask('{ guests { credit } }')).toEqual({ data: { guests: [{ credit: 'none' }] } });
  });

  test.each([
    ['a field', '{ guests { debts } }', 'Cannot query field "debts" on type "Guest".'],
    ['a key', '{ guests { file } }', 'Cannot query field "file" on type "Guest".'],
    ['a root field', '{ internal { total } }', 'Cannot query field "internal" on type "Query".'],
    ['an argument', '{ guests(secret: "x") { name } }', 'Unknown argument "secret" on field "Query.guests".'],
    ['a type', '{ callers { ... on Inspector { name } } }', 'Unknown type "Inspector".'],
  ])('%s that clients cannot see cannot be asked for', async (_what, query, message) => {
    expect(await graph.ask(query)).toEqual({ errors: [{ message, code: 'GRAPHQL_VALIDATION_FAILED' }] });
    expect(graph.fetches).toEqual([]);
  });

  test('introspection does not show it', async () => {
    expect(
      await graph.ask(`{
        guest: __type(name: "Guest") { fields { name } }
        inspector: __type(name: "Inspector") { name }
        visitor: __type(name: "Visitor") { possibleTypes { name } }
        mood: __type(name: "Mood") { enumValues { name } }
      }`),
    ).toEqual({
      data: {
        guest: { fields: [{ name: 'drinks' }, { name: 'credit' }, { name: 'name' }] },
        inspector: null,
        visitor: { possibleTypes: [{ name: 'Guest' }] },
        mood: { enumValues: [{ name: 'GOOD' }, { name: 'BAD' }] },
      },
    });
  });

  test('an object of a type that clients cannot see is null, with an error', async () => {
    expect(await graph.ask('{ visitors { name } }')).toEqual({
      data: { visitors: [{ name: 'Ann' }, null] },
      errors: [
        {
          message: 'The part of the graph behind this field sent an answer that cannot be used.',
          path: ['visitors', 1],
          code: 'SUBGRAPH_MALFORMED_RESPONSE',
        },
      ],
    });
  });

  test('where null is not allowed either, it goes up as null does', async () => {
    expect(await graph.ask('{ callers { __typename } guests { name } }')).toEqual({
      data: { callers: null, guests: [{ name: 'Ann' }] },
      errors: [
        {
          message: 'The part of the graph behind this field sent an answer that cannot be used.',
          path: ['callers', 0],
          code: 'SUBGRAPH_MALFORMED_RESPONSE',
        },
      ],
    });
  });

  test('a value of an enum that clients cannot see is null, with an error', async () => {
    expect(await graph.ask('{ moods }')).toEqual({
      data: { moods: ['GOOD', null, 'BAD'] },
      errors: [
        {
          message: 'The part of the graph behind this field sent an answer that cannot be used.',
          path: ['moods', 1],
          code: 'SUBGRAPH_MALFORMED_RESPONSE',
        },
      ],
    });
  });
});
