import { expect, test } from 'vitest';

import { describeEveryExecutor } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

const unusable = (...path: unknown[]) => ({
  message: 'The part of the graph behind this field sent an answer that cannot be used.',
  path,
  code: 'SUBGRAPH_MALFORMED_RESPONSE',
});

describeEveryExecutor(subgraphs, (graph) => {
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
        guest: { fields: ['drinks', 'credit', 'letterFrom', 'gossip', 'name'].map((name) => ({ name })) },
        inspector: null,
        visitor: { possibleTypes: [{ name: 'Guest' }] },
        mood: { enumValues: [{ name: 'GOOD' }, { name: 'BAD' }] },
      },
    });
  });

  test('an object of a type that clients cannot see is null', async () => {
    expect(await graph.ask('{ visitors { name } inspection { __typename name } }')).toEqual({
      data: { visitors: [{ name: 'Ann' }, null], inspection: null },
    });
  });

  test('a value of an enum that clients cannot see is null', async () => {
    expect(await graph.ask('{ moods mood }')).toEqual({ data: { moods: ['GOOD', null, 'BAD'], mood: null } });
  });

  test('under a name that the planner needs for something else as well', async () => {
    expect(await graph.ask('{ guests { name file: letterFrom { city } credit } moods }')).toEqual({
      data: { guests: [{ name: 'Ann', file: null, credit: 'none' }], moods: ['GOOD', null, 'BAD'] },
    });
  });

  test('what clients cannot see can be required', async () => {
    expect(await graph.ask('{ guests { letterFrom { city } gossip } }')).toEqual({
      data: { guests: [{ letterFrom: null, gossip: 'has a letter from Bern' }] },
    });
  });

  test('where null is not allowed, it is an error and goes up as null does', async () => {
    expect(await graph.ask('{ inspections { name } callers { __typename } visitors { name } }')).toEqual({
      data: { inspections: null, callers: null, visitors: [{ name: 'Ann' }, null] },
      errors: [unusable('inspections', 0), unusable('callers', 0)],
    });
    expect(await graph.ask('{ currentMood mood }')).toEqual({ data: null, errors: [unusable('currentMood')] });
  });
});
