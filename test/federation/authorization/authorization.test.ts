import { describe, expect, test } from 'vitest';

import { describeEveryExecutor, startFederation } from '../../kit/federation.ts';
import { compose } from '../../kit/subgraph-source.ts';
import { blog } from './blog.subgraph.ts';
import { people } from './people.subgraph.ts';

const refused = (code: string, ...path: (string | number)[]) => ({
  message: code === 'FORBIDDEN' ? 'The caller may not see or do this.' : 'This needs a caller who has signed in.',
  path,
  code,
});

const subgraphs = { blog, people };

describeEveryExecutor(subgraphs, (graph) => {
  test('a field is answered to those who may have it', async () => {
    const query = '{ post(id: "p1") { title views } drafts { id } motto }';
    expect(await graph.ask(query, { scopes: ['admin'] })).toEqual({
      data: { post: { title: 'Spring', views: 7 }, drafts: [{ id: 'p1' }], motto: 'onward' },
    });
    expect(await graph.ask('{ drafts { id } }', { scopes: ['posts:read', 'drafts:read'] })).toEqual({
      data: { drafts: [{ id: 'p1' }] },
    });
  });

  test('a field that is not is null, with an error under its alias, and no subgraph is asked for it', async () => {
    const query = '{ post(id: "p1") { title seen: views } }';
    expect(await graph.ask(query)).toEqual({
      data: { post: { title: 'Spring', seen: null } },
      errors: [refused('UNAUTHENTICATED', 'post', 'seen')],
    });
    expect(graph.fetches.map(({ query: text }) => text).join()).not.toContain('views');
  });

  test('one scope of two is not enough, and somebody who has signed in is told FORBIDDEN', async () => {
    expect(await graph.ask('{ drafts { id } post(id: "p1") { id } }', { scopes: ['drafts:read'] })).toEqual({
      data: { drafts: null, post: { id: 'p1' } },
      errors: [refused('FORBIDDEN', 'drafts')],
    });
  });

  test('denied items of a list are told at their indexes, and only where there is an object', async () => {
    const query = '{ post(id: "p1") { author { phones { number kind } } } }';
    expect(await graph.ask(query)).toEqual({
      data: { post: { author: { phones: [{ number: null, kind: 'home' }, null, { number: null, kind: 'work' }] } } },
      errors: [
        refused('UNAUTHENTICATED', 'post', 'author', 'phones', 0, 'number'),
        refused('UNAUTHENTICATED', 'post', 'author', 'phones', 2, 'number'),
      ],
    });
    expect(await graph.ask('{ post(id: "none") { views } }')).toEqual({ data: { post: null } });
  });

  test('a field with nothing left below it is still answered', async () => {
    expect(await graph.ask('{ post(id: "p1") { author { email } } }')).toEqual({
      data: { post: { author: { email: null } } },
      errors: [refused('UNAUTHENTICATED', 'post', 'author', 'email')],
    });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['blog']);
  });

  test('null for a field that must not be null goes up to the one that may be', async () => {
    expect(await graph.ask('{ post(id: "p1") { title ratio } settings { theme } }', { scopes: [] })).toEqual({
      data: { post: null, settings: { theme: 'DARK' } },
      errors: [refused('FORBIDDEN', 'post', 'ratio')],
    });
  });

  test('an operation with nothing left is answered without any fetch', async () => {
    expect(await graph.ask('{ drafts { id } diary { id } }')).toEqual({
      data: { drafts: null, diary: null },
      errors: [refused('UNAUTHENTICATED', 'drafts'), refused('UNAUTHENTICATED', 'diary')],
    });
    expect(graph.fetches).toEqual([]);
  });

  test('a denied root field that must not be null leaves nothing to answer, so nothing is fetched', async () => {
    expect(await graph.ask('{ motto post(id: "p1") { id } }')).toEqual({
      data: null,
      errors: [refused('UNAUTHENTICATED', 'motto')],
    });
    expect(graph.fetches).toEqual([]);
  });

  test('guarded enums and scalars guard the fields of their type', async () => {
    expect(await graph.ask('{ settings { theme seal } }')).toEqual({
      data: { settings: { theme: null, seal: null } },
      errors: [refused('UNAUTHENTICATED', 'settings', 'theme'), refused('UNAUTHENTICATED', 'settings', 'seal')],
    });
    expect(await graph.ask('{ settings { theme seal } }', { scopes: ['seal'] })).toEqual({
      data: { settings: { theme: 'DARK', seal: 'wax' } },
    });
  });

  describe('an interface', () => {
    test('asks of those who read its fields what every type behind it asks', async () => {
      expect(await graph.ask('{ posts { id } settings { level } }')).toEqual({
        data: null,
        errors: [refused('UNAUTHENTICATED', 'posts')],
      });
      const { data } = await graph.ask('{ posts { id } }', { scopes: ['private'] });
      expect(data).toEqual({ posts: [{ id: 'p1' }, { id: 'p2' }, { id: 'p3' }] });
    });

    test('leaves fragments on its types to their own requirements', async () => {
      const query = '{ posts { __typename ... on PublicPost { id } ... on PrivatePost { __typename diary } } }';
      expect(await graph.ask(query)).toEqual({
        data: {
          posts: [
            { __typename: 'PublicPost', id: 'p1' },
            { __typename: 'PrivatePost', diary: null },
            { __typename: 'PublicPost', id: 'p3' },
          ],
        },
        errors: [refused('UNAUTHENTICATED', 'posts', 1, 'diary')],
      });
      expect(graph.fetches.map(({ query: text }) => text).join()).not.toContain('PrivatePost');
    });
  });

  test('a denied fragment in a union nulls the items of its type alone', async () => {
    const query = `query { feed { ...Open ...Closed } }
      fragment Open on PublicPost { id }
      fragment Closed on PrivatePost { id ...Deep }
      fragment Deep on PrivatePost { diary }`;
    expect(await graph.ask(query, { scopes: [] })).toEqual({
      data: { feed: [{ id: 'p1' }, null, { id: 'p3' }] },
      errors: [refused('FORBIDDEN', 'feed', 1, 'id')],
    });
    expect(await graph.ask(query, { scopes: ['private'] })).toEqual({
      data: { feed: [{ id: 'p1' }, { id: 'p2', diary: 'dear diary' }, { id: 'p3' }] },
    });
  });

  test('a denied field in a fragment is denied wherever the fragment is spread', async () => {
    const query = `query ($with: Boolean!) { one: post(id: "p1") { ...Stats } two: post(id: "p3") { id ...Stats @include(if: $with) } }
      fragment Stats on PublicPost { views title }`;
    expect(await graph.ask(query, { variables: { with: true } })).toEqual({
      data: { one: { views: null, title: 'Spring' }, two: { id: 'p3', views: null, title: 'Summer' } },
      errors: [refused('UNAUTHENTICATED', 'one', 'views'), refused('UNAUTHENTICATED', 'two', 'views')],
    });
    expect(await graph.ask(query, { variables: { with: false } })).toEqual({
      data: { one: { views: null, title: 'Spring' }, two: { id: 'p3' } },
      errors: [refused('UNAUTHENTICATED', 'one', 'views')],
    });
  });

  test('what is left out by a condition is not denied', async () => {
    const query = 'query ($no: Boolean = false) { post(id: "p1") { id views @include(if: $no) } }';
    expect(await graph.ask(query)).toEqual({ data: { post: { id: 'p1' } } });
  });

  test('__typename and the schema are nobody to be kept from', async () => {
    const { data, errors } = await graph.ask('{ __typename __schema { queryType { name } } drafts { id } }');
    expect(data).toEqual({ __typename: 'Query', __schema: { queryType: { name: 'Query' } }, drafts: null });
    expect(errors).toEqual([refused('UNAUTHENTICATED', 'drafts')]);
  });

  test('the permitted changes of an operation are made, the others not', async () => {
    const query = 'mutation { publish(id: "p1") { id views } purge }';
    expect(await graph.ask(query)).toEqual({
      data: { publish: { id: 'p1', views: null }, purge: null },
      errors: [refused('UNAUTHENTICATED', 'publish', 'views'), refused('UNAUTHENTICATED', 'purge')],
    });
    expect(graph.fetches.map(({ query: text }) => text).join()).not.toContain('purge');
  });

  test('no change is made that the client would not be told of', async () => {
    const query = 'mutation { publish(id: "p1") { id } wipe purge }';
    expect(await graph.ask(query, { scopes: ['private'] })).toEqual({
      data: null,
      errors: [refused('FORBIDDEN', 'wipe'), refused('FORBIDDEN', 'purge')],
    });
    expect(graph.fetches).toEqual([]);
  });

  test('callers with other rights never get the plan of each other', async () => {
    const query = '{ post(id: "p1") { views author { email } } }';
    for (const [scopes, views, email] of [
      [undefined, null, null],
      [['email'], 7, 'u1@example.com'],
      [[], 7, null],
      [undefined, null, null],
    ] as const) {
      const { data } = await graph.ask(query, scopes && { scopes });
      expect(data).toEqual({ post: { views, author: { email } } });
    }
  });
});

test('an interface asks for it also where composition has not written it down', async () => {
  const supergraphSdl = compose(subgraphs).replace(/(interface Post\s+@join__type\(graph: BLOG\))[^{]*/, '$1 ');
  expect(supergraphSdl).not.toBe(compose(subgraphs));
  await using graph = await startFederation(subgraphs, { deps: { supergraphSdl } });
  expect(await graph.ask('{ posts { id } }')).toEqual({ data: null, errors: [refused('UNAUTHENTICATED', 'posts')] });
});
