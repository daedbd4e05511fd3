import { describe, expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { faulty, subgraphs } from './subgraphs.ts';

const unusable = (path: unknown[], subgraph?: string) => ({
  message: 'The part of the graph behind this field sent an answer that cannot be used.',
  path,
  code: 'SUBGRAPH_MALFORMED_RESPONSE',
  ...(subgraph !== undefined && { subgraph }),
});
const entities = (...list: unknown[]) => {
  faulty.answer = () => ({ data: { _entities: list } });
};
const root = (data: unknown) => {
  faulty.answer = () => ({ data });
};

describeFederation(subgraphs, (graph) => {
  test('an entity without a type name is what it was asked for as', async () => {
    entities({ side: 1 }, { side: 2, color: 'red' });
    expect(await graph.ask('{ squares { id side color } }')).toEqual({
      data: { squares: [{ id: 's1', side: 1, color: null }, null, { id: 's2', side: 2, color: 'red' }] },
    });
  });

  test('an entity whose type name is null or empty is so as well', async () => {
    entities({ __typename: null, side: 1 }, { __typename: '', side: 2 });
    expect(await graph.ask('{ squares { __typename side } }')).toEqual({
      data: { squares: [{ __typename: 'Square', side: 1 }, null, { __typename: 'Square', side: 2 }] },
    });
  });

  describe.each(['Shape', 'Nothing', 'Secret', 'toString'])('an object that calls itself %s', (typename) => {
    test('is null, with an error', async () => {
      root({ root: { __typename: typename, id: 'x', side: 1 }, drawn: { __typename: typename, id: 'y' } });
      expect(await graph.ask('{ root { __typename } drawn { __typename id } }')).toEqual({
        data: { root: null, drawn: null },
        errors: [unusable(['root']), unusable(['drawn'])].map(({ path }) => {
          return expect.objectContaining({
            code: 'SUBGRAPH_MALFORMED_RESPONSE',
            path: expect.arrayContaining(path) as unknown,
          }) as unknown;
        }),
      });
    });
  });

  test.each([
    ['a list of another length', { _entities: [{ side: 1 }] }],
    ['no list', { _entities: { side: 1 } }],
    ['no entities', {}],
    ['items that are no objects', { _entities: [1, 'x'] }],
    ['lists for items', { _entities: [[], [{ side: 1 }]] }],
  ])('an entity fetch that brings %s is an error at every entity', async (_what, data) => {
    root(data);
    expect(await graph.ask('{ squares { id color } }')).toEqual({
      data: { squares: [{ id: 's1', color: null }, null, { id: 's2', color: null }] },
      errors: [unusable(['squares', 0, 'color'], 'faulty'), unusable(['squares', 2, 'color'], 'faulty')],
    });
  });

  test.each([
    ['no object', 'text'],
    ['a list', []],
    ['nothing', {}],
    ['data that is no object', { data: [1] }],
    ['data that is text', { data: 'text' }],
    ['errors that are no list', { data: { root: null }, errors: 'many' }],
    ['null', null],
  ])('an answer that is %s is an error at its fields', async (_what, answer) => {
    faulty.answer = () => answer;
    expect(await graph.ask('{ root { id } shape { id } }')).toEqual({
      data: { root: null, shape: { id: 's1' } },
      errors: [unusable(['root'], 'faulty')],
    });
  });

  test.each([
    ['an object for a leaf', { root: { color: { a: 1 } } }, ['root', 'color']],
    ['a list for a leaf', { root: { color: ['red'] } }, ['root', 'color']],
    ['a number for text', { root: { color: 5 } }, ['root', 'color']],
    ['a name that the enum does not have', { root: { mood: 'BAD' } }, ['root', 'mood']],
    ['a list of a hidden value', { root: { mood: ['HIDDEN'] } }, ['root', 'mood']],
    ['a list for an object', { root: { inner: [] } }, ['root', 'inner']],
    ['text for an object', { root: { inner: 'x' } }, ['root', 'inner']],
    ['an object for a list', { list: { side: 1 } }, ['list']],
    ['text in a list of objects', { list: ['x', { color: 'red' }] }, ['list', 0]],
  ])('%s is null, with an error, and the rest stays', async (_what, data, path) => {
    root({ root: null, list: null, ...data });
    const { data: answered, errors } = await graph.ask(
      '{ root { color mood inner { color } } list { color } shape { id } }',
    );
    expect(errors).toEqual([unusable(path)]);
    expect(answered).toMatchObject({ shape: { id: 's1' } });
    expect(JSON.stringify(answered)).not.toContain('"x"');
  });

  test('null for a field that may not be null is an error although the subgraph tells none', async () => {
    entities({ side: null, color: 'red' }, { side: 2, color: null });
    expect(await graph.ask('{ squares { side color } shapes { id } }')).toEqual({
      data: { squares: [null, null, { side: 2, color: null }], shapes: [{ id: 's1' }, { id: 's2' }] },
      errors: [unusable(['squares', 0, 'side'])],
    });
  });

  test('more than was asked for is left out', async () => {
    entities(
      { side: 1, color: 'red', extra: 'x', id: 'other' },
      { side: 2, __proto__: { side: 3 }, constructor: 'x', inner: { side: 9 } },
    );
    expect(await graph.ask('{ squares { side } }')).toEqual({ data: { squares: [{ side: 1 }, null, { side: 2 }] } });
  });

  test('errors of any shape are told with their places where these can be understood', async () => {
    faulty.answer = () => ({
      data: { root: null },
      errors: [
        null,
        'text',
        { message: 5 },
        { message: 'Somewhere.', path: 'root' },
        { message: 'Here.', path: ['root'], extensions: [] },
      ],
    });
    const { data, errors } = await graph.ask('{ root { id } }');
    expect(data).toEqual({ root: null });
    for (const each of errors ?? []) expect(each).toMatchObject({ path: ['root'], code: 'INTERNAL_SERVER_ERROR' });
    expect(errors).not.toHaveLength(0);
  });
});
