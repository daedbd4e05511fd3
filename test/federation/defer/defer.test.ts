import { afterEach, describe, expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { mergeParts } from '../../kit/multipart.ts';
import { askForParts, askInParts, nextOf, send } from './ask-in-parts.ts';
import { createFields, createSubgraphs } from './subgraphs.ts';

const { fields, field } = createFields();
afterEach(() => fields.reset());

describeFederation(createSubgraphs(field), (graph) => {
  test('what is not deferred is answered while the deferred part is still being fetched', async () => {
    const release = fields.hold('User.reviews');
    const parts = askInParts(graph, '{ me { name ... @defer(label: "slow") { reviews { body } } } }');
    expect(await nextOf(parts)).toEqual({ data: { me: { name: 'Ann' } }, hasNext: true });
    release();
    expect(await nextOf(parts)).toEqual({
      incremental: [
        { path: ['me'], label: 'slow', data: { reviews: [{ body: 'body of r1' }, { body: 'body of r2' }] } },
      ],
      hasNext: false,
    });
    expect(await parts.next()).toEqual({ done: true, value: undefined });
  });

  test('deferred parts come in the order in which they are done, whatever their order in the operation', async () => {
    const reviews = fields.hold('User.reviews');
    const friend = fields.hold('User.friend');
    const parts = askInParts(
      graph,
      '{ me { id ... @defer(label: "reviews") { reviews { body } } ... @defer(label: "friend") { friend { name } } } }',
    );
    expect(await nextOf(parts)).toEqual({ data: { me: { id: 'u1' } }, hasNext: true });
    friend();
    const second = { path: ['me'], label: 'friend', data: { friend: { name: 'Bob' } } };
    expect(await nextOf(parts)).toEqual({ incremental: [second], hasNext: true });
    reviews();
    expect(await nextOf(parts)).toMatchObject({ incremental: [{ label: 'reviews' }], hasNext: false });
  });

  test('a part of root fields does not wait for the others', async () => {
    const me = fields.hold('User.name');
    const top = fields.hold('Query.topReview');
    const parts = askInParts(graph, '{ me { name } ... @defer { topReview { body } } }');
    const first = nextOf(parts);
    me();
    expect(await first).toEqual({ data: { me: { name: 'Ann' } }, hasNext: true });
    top();
    expect(await nextOf(parts)).toEqual({
      incremental: [{ path: [], data: { topReview: { body: 'body of r1' } } }],
      hasNext: false,
    });
  });

  test('within a list each object has a payload of its own, with its index in the path', async () => {
    const parts = await askForParts(graph, '{ users { name ... @defer(label: "mood") { mood } } }');
    expect(parts).toEqual([
      { data: { users: [{ name: 'Ann' }, { name: 'Bob' }, { name: 'Cid' }] }, hasNext: true },
      {
        incremental: ['u1', 'u2', 'u3'].map((id, index) => ({
          path: ['users', index],
          label: 'mood',
          data: { mood: `${id} is fine` },
        })),
        hasNext: false,
      },
    ]);
  });

  test('a part within a part comes after it, for each object of the outer one', async () => {
    const stars = fields.hold('Review.stars');
    const parts = askInParts(
      graph,
      '{ me { id ... @defer(label: "outer") { reviews { body ... @defer(label: "inner") { stars } } } } }',
    );
    expect(await nextOf(parts)).toEqual({ data: { me: { id: 'u1' } }, hasNext: true });
    const outer = { reviews: [{ body: 'body of r1' }, { body: 'body of r2' }] };
    expect(await nextOf(parts)).toEqual({
      incremental: [{ path: ['me'], label: 'outer', data: outer }],
      hasNext: true,
    });
    stars();
    expect(await nextOf(parts)).toEqual({
      incremental: [1, 2].map((each) => ({
        path: ['me', 'reviews', each - 1],
        label: 'inner',
        data: { stars: each },
      })),
      hasNext: false,
    });
  });

  test('a named fragment may be deferred, and have parts itself wherever it is spread', async () => {
    const parts = await askForParts(
      graph,
      `{ me { ...Person @defer(label: "person") friend { ...Person } } }
       fragment Person on User { name ... @defer(label: "mood") { mood } }`,
    );
    const payloads = parts.flatMap(({ incremental = [] }) => incremental);
    expect(parts[0]).toEqual({ data: { me: { friend: { name: 'Bob' } } }, hasNext: true });
    expect(payloads).toHaveLength(3);
    expect(payloads).toEqual(
      expect.arrayContaining([
        { path: ['me'], label: 'person', data: { name: 'Ann' } },
        { path: ['me'], label: 'mood', data: { mood: 'u1 is fine' } },
        { path: ['me', 'friend'], label: 'mood', data: { mood: 'u2 is fine' } },
      ]),
    );
  });

  test('paths and data use the names that the client gave', async () => {
    const parts = await askForParts(graph, '{ i: me { buddy: friend { ... @defer { called: name } } } }');
    expect(parts).toEqual([
      { data: { i: { buddy: {} } }, hasNext: true },
      { incremental: [{ path: ['i', 'buddy'], data: { called: 'Bob' } }], hasNext: false },
    ]);
  });

  test('what is selected beside a deferred fragment, too, is there from the start', async () => {
    const parts = await askForParts(graph, '{ me { name ... @defer { name mood } } }');
    expect(parts[0]).toEqual({ data: { me: { name: 'Ann' } }, hasNext: true });
    expect(mergeParts(parts).data).toEqual({ me: { name: 'Ann', mood: 'u1 is fine' } });
  });

  test('a fragment that does not apply to an object is not delivered for it', async () => {
    const [first, ...later] = await askForParts(
      graph,
      '{ thing { __typename ... on Place @defer { title } ... on User @defer { name } } }',
    );
    expect(first).toEqual({ data: { thing: { __typename: 'User' } }, hasNext: true });
    expect(later).toEqual([{ incremental: [{ path: ['thing'], data: { name: 'Bob' } }], hasNext: false }]);
  });

  test('a mutation may defer what it answers', async () => {
    const release = fields.hold('User.mood');
    const parts = askInParts(graph, 'mutation { rename(name: "x") { name ... @defer { mood } } }');
    expect(await nextOf(parts)).toEqual({ data: { rename: { name: 'Ann' } }, hasNext: true });
    release();
    const payload = { path: ['rename'], data: { mood: 'u1 is fine' } };
    expect(await nextOf(parts)).toEqual({ incremental: [payload], hasNext: false });
  });

  describe('the answer is one and complete', () => {
    const query = 'query Q($later: Boolean!) { me { name ... @defer(if: $later) { mood } } }';
    const whole = { data: { me: { name: 'Ann', mood: 'u1 is fine' } } };

    test.each([
      ['where a variable says not to defer', query, { variables: { later: false } }],
      ['where the operation says not to defer', '{ me { name ... @defer(if: false) { mood } } }', {}],
      ['for a client that takes JSON only', query, { variables: { later: true }, accept: 'application/json' }],
      ['for a client that takes everything', query, { variables: { later: true }, accept: '*/*' }],
      [
        'for a client that takes another format of parts',
        query,
        { variables: { later: true }, accept: 'multipart/mixed;incrementalSpec=v0.2, application/json' },
      ],
    ])('%s', async (_, asked, asking) => {
      const response = await send(graph, asked, asking);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await response.json()).toEqual(whole);
    });

    test('where nothing is there that the deferred fragments could apply to', async () => {
      const response = await send(graph, '{ nobody { id ... @defer { mood } } }');
      expect(await response.json()).toEqual({ data: { nobody: null } });
    });

    test('with a fetch less than in parts', async () => {
      expect(await graph.ask('{ me { name ... @defer { friend { id } } } }')).toEqual({
        data: { me: { name: 'Ann', friend: { id: 'u2' } } },
      });
      expect(graph.fetches).toHaveLength(1);
    });
  });

  test('a variable that says to defer defers', async () => {
    const query = 'query Q($later: Boolean = true) { me { name ... @defer(if: $later) { mood } } }';
    expect(await askForParts(graph, query)).toHaveLength(2);
  });

  test.each([
    [
      'mutation { ... @defer { rename(name: "x") { id } } }',
      '"@defer" cannot be used on a fragment of root fields of a mutation.',
    ],
    ['query Q($l: String) { me { ... @defer(label: $l) { id } } }', 'The label of "@defer" cannot be a variable.'],
  ])('%s is refused', async (query, message) => {
    const response = await send(graph, query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });
});
