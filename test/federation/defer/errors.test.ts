import { afterEach, expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { askForParts } from './ask-in-parts.ts';
import { createFields, createSubgraphs } from './subgraphs.ts';

const { fields, field } = createFields();
afterEach(() => fields.reset());

const outOfOrder = (name: string, path: readonly (string | number)[], subgraph: string) =>
  expect.objectContaining({
    message: `${name} is out of order.`,
    path,
    extensions: { code: 'OUT_OF_ORDER', subgraph },
  }) as unknown;

describeFederation(createSubgraphs(field), (graph) => {
  test('an error in a deferred part is told in its payload, and the initial result has none', async () => {
    fields.fail('User.mood');
    expect(await askForParts(graph, '{ me { name ... @defer { mood reviews { body } } } }')).toEqual([
      { data: { me: { name: 'Ann' } }, hasNext: true },
      {
        incremental: [
          {
            path: ['me'],
            data: { mood: null, reviews: [{ body: 'body of r1' }, { body: 'body of r2' }] },
            errors: [outOfOrder('User.mood', ['me', 'mood'], 'reviews')],
          },
        ],
        hasNext: false,
      },
    ]);
  });

  test('an error in one object of a list is told in the payload of that object', async () => {
    fields.fail('User.mood', 'u2');
    const [, later] = await askForParts(graph, '{ users { id ... @defer { mood } } }');
    expect(later?.incremental).toEqual([
      { path: ['users', 0], data: { mood: 'u1 is fine' } },
      {
        path: ['users', 1],
        data: { mood: null },
        errors: [outOfOrder('User.mood', ['users', 1, 'mood'], 'reviews')],
      },
      { path: ['users', 2], data: { mood: 'u3 is fine' } },
    ]);
  });

  test('null where none may be costs the payload, and not what is around it', async () => {
    fields.fail('User.score');
    expect(await askForParts(graph, '{ me { name ... @defer(label: "score") { score } } }')).toEqual([
      { data: { me: { name: 'Ann' } }, hasNext: true },
      {
        incremental: [
          {
            path: ['me'],
            label: 'score',
            data: null,
            errors: [outOfOrder('User.score', ['me', 'score'], 'reviews')],
          },
        ],
        hasNext: false,
      },
    ]);
  });

  test('a value that a subgraph owes without saying why is an error of the payload', async () => {
    fields.blank('User.name');
    const [, later] = await askForParts(graph, '{ me { id ... @defer { friend { name } } } }');
    expect(later?.incremental).toEqual([
      {
        path: ['me'],
        data: { friend: null },
        errors: [expect.objectContaining({ path: ['me', 'friend', 'name'] })],
      },
    ]);
  });

  test('the payload of an object that null took away is not delivered', async () => {
    fields.fail('User.name', 'u1');
    const answers = await askForParts(
      graph,
      '{ thing { ... on User { id ... @defer { mood } } } me { name ... @defer { mood } } }',
    );
    expect(answers).toEqual([
      {
        data: { thing: { id: 'u2' }, me: null },
        errors: [outOfOrder('User.name', ['me', 'name'], 'accounts')],
        hasNext: true,
      },
      { incremental: [{ path: ['thing'], data: { mood: 'u2 is fine' } }], hasNext: false },
    ]);
  });

  test('within a deferred part, too, what null took away is not delivered', async () => {
    fields.fail('Review.body', 'r1');
    const answers = await askForParts(
      graph,
      '{ users { id ... @defer(label: "outer") { reviews { body ... @defer(label: "inner") { stars } } } } }',
    );
    const payloads = answers.flatMap(({ incremental = [] }) => incremental);
    expect(payloads).toEqual([
      {
        path: ['users', 0],
        label: 'outer',
        data: { reviews: null },
        errors: [outOfOrder('Review.body', ['users', 0, 'reviews', 0, 'body'], 'reviews')],
      },
      { path: ['users', 1], label: 'outer', data: { reviews: [{ body: 'body of r3' }] } },
      { path: ['users', 2], label: 'outer', data: { reviews: [] } },
      { path: ['users', 1, 'reviews', 0], label: 'inner', data: { stars: 3 } },
    ]);
  });

  test('a part fails without the other part of the same object', async () => {
    fields.fail('User.address');
    const answers = await askForParts(
      graph,
      '{ me { id ... @defer(label: "a") { address { city } } ... @defer(label: "b") { mood } } }',
    );
    const payloads = answers.flatMap(({ incremental = [] }) => incremental);
    expect(payloads).toHaveLength(2);
    expect(payloads).toEqual(
      expect.arrayContaining([
        {
          path: ['me'],
          label: 'a',
          data: { address: null },
          errors: [outOfOrder('User.address', ['me', 'address'], 'accounts')],
        },
        { path: ['me'], label: 'b', data: { mood: 'u1 is fine' } },
      ]),
    );
    expect(answers.at(-1)?.hasNext).toBe(false);
  });

  test('a field that is asked for in both tells its error in both, once', async () => {
    fields.fail('User.score');
    const answers = await askForParts(graph, '{ me { id friend { score } ... @defer { friend { name score } } } }');
    const errors = [outOfOrder('User.score', ['me', 'friend', 'score'], 'reviews')];
    expect(answers).toEqual([
      { data: { me: { id: 'u1', friend: null } }, errors, hasNext: true },
      { incremental: [{ path: ['me'], data: { friend: null }, errors }], hasNext: false },
    ]);
  });

  test('an error of the initial result is told again where it takes something of a payload away', async () => {
    fields.fail('User.name', 'u2');
    const answers = await askForParts(graph, '{ me { id friend { name } ... @defer { friend { name } } } }');
    const errors = [outOfOrder('User.name', ['me', 'friend', 'name'], 'accounts')];
    expect(answers).toEqual([
      { data: { me: { id: 'u1', friend: null } }, errors, hasNext: true },
      { incremental: [{ path: ['me'], data: { friend: null }, errors }], hasNext: false },
    ]);
  });
});
