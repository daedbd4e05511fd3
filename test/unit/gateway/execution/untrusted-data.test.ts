import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';

import { beginShaping } from '@tributary/gateway/execution/build-object';
import { fragmentsOf } from '@tributary/gateway/execution/collect-fields';
import { compileRepresent } from '@tributary/gateway/execution/representations';
import { compileRootShape } from '@tributary/gateway/execution/shape-response';

// A subgraph may say anything about types and values.

const schema = buildSchema(`
  scalar JSON
  type Query { book: Book, found: Found, list: [Book] }
  interface Found { id: ID! }
  type Book implements Found { id: ID!, pages: Int, price: Float, sold: Boolean, title: String, extra: JSON }
`);

function shape(query: string, data: Record<string, unknown>) {
  const document = parse(query);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The test has no operation.');
  const selecting = { schema, fullSchema: schema, fragments: fragmentsOf(document), isTrue: () => true };
  const shapeRoot = compileRootShape([operation.selectionSet], schema.getQueryType()!, selecting);
  const shaping = beginShaping({ introspection: null });
  const run = (source: Record<string, unknown>) => shapeRoot(source, shaping, 0);
  return { data: run(data), paths: shaping.unusable.map(({ path }) => path), run };
}

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}

const LEAVES = ['pages', 'price', 'sold', 'title'];

describe.each<[string, unknown]>([
  ['a list with 200,000 levels', nested(200_000, (inner) => [inner])],
  ['an object with 200,000 levels', nested(200_000, (inner) => ({ inner }))],
  ['an object that is neither text nor number', { toString: 1, valueOf: 1 }],
  ['a list of one number', [7]],
])('%s', (_title, value) => {
  test.each(LEAVES)('is no value of the scalar of Book.%s', (name) => {
    const { data, paths } = shape(`{ book { id ${name} } }`, { book: { id: 'b1', [name]: value } });
    expect(data).toEqual({ book: { id: 'b1', [name]: null } });
    expect(paths).toEqual([['book', name]]);
  });

  test('is no name of a type', () => {
    const source = { found: { __typename: value, id: 'b1' } };
    expect(shape('{ found { id } }', source)).toMatchObject({ data: { found: null }, paths: [['found']] });
  });
});

test.each([[(inner: unknown) => [inner]], [(inner: unknown) => ({ inner })]])(
  'a custom scalar is passed on as it is, up to the depth that can be written',
  (wrap) => {
    const extra = nested(500, wrap);
    expect(shape('{ book { extra } }', { book: { extra } })).toMatchObject({ data: { book: { extra } }, paths: [] });
    const deeper = shape('{ book { extra } }', { book: { extra: wrap(extra) } });
    expect(deeper).toMatchObject({ data: { book: { extra: null } }, paths: [['book', 'extra']] });
  },
);

test('names of types that a subgraph makes up are not kept', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const MIB = 1024 * 1024;
  const madeUp = (index: number) => ({ __typename: String(index).padEnd(MIB, 'x'), id: 'b1' });
  const { run } = shape('{ found { id } list { id } }', {});
  const represent = compileRepresent(
    {
      requires: [
        {
          kind: 'InlineFragment',
          typeCondition: 'Book',
          selections: [
            { kind: 'Field', name: '__typename' },
            { kind: 'Field', name: 'id' },
          ],
        },
      ],
    },
    schema,
  );
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 200; index += 1) {
    run({ found: madeUp(index), list: [{ __typename: { index }, id: 'b1' }] });
    expect(represent([madeUp(index)]).values).toEqual([]);
  }
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * MIB);
});
