import { buildSchema } from 'graphql';
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { expect, test } from 'vitest';

import { compileRepresent } from '@tributary/gateway/execution/representations';

const schema = buildSchema(`
  type Query { node: Node }
  interface Node { id: ID! }
  type Book implements Node { id: ID!, title: String, shelf: Shelf }
  type Shelf { row: Int, room: String }
`);

const field = (name: string, selections?: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'Field',
  name,
  ...(selections && { selections }),
});
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'InlineFragment',
  typeCondition,
  selections,
});
const byId = [on('Book', field('__typename'), field('id'))];

test('an entity is represented once, however often it stands in the data', () => {
  const books = ['1', '2', '1', '1'].map((id) => ({ __typename: 'Book', id, title: `at ${id}` }));
  expect(compileRepresent({ requires: byId }, schema)(books)).toEqual({
    values: [
      { __typename: 'Book', id: '1' },
      { __typename: 'Book', id: '2' },
    ],
    targets: books,
    slots: [0, 1, 0, 0],
  });
});

test('keys that differ in their type only are different keys', () => {
  const books = [
    { __typename: 'Book', id: 1 },
    { __typename: 'Book', id: '1' },
  ];
  expect(compileRepresent({ requires: byId }, schema)(books).values).toEqual(books);
});

test('an object that lacks a required field, or is of another type, has no representation', () => {
  const book = { __typename: 'Book', id: '1' };
  const objects = [
    { __typename: 'Book' },
    { id: '2' },
    { __typename: 'Shelf', id: '3' },
    { __typename: 'Gone', id: '4' },
    book,
  ];
  expect(compileRepresent({ requires: byId }, schema)(objects)).toEqual({
    values: [book],
    targets: [book],
    slots: [0],
  });
});

test('a key that is null is sent as null', () => {
  const book = { __typename: 'Book', id: null };
  expect(compileRepresent({ requires: byId }, schema)([book]).values).toEqual([book]);
});

test('nested fields are required too, in lists and out of them, and equal ones are one representation', () => {
  const shelf = field('shelf', [field('row')]);
  const represent = compileRepresent({ requires: [on('Book', field('__typename'), field('id'), shelf)] }, schema);
  const book = (extra: object) => ({ __typename: 'Book', id: '1', title: 'Emma', ...extra });
  const objects = [
    book({ shelf: { row: 1, room: 'a' } }),
    book({ shelf: { row: 1, room: 'b' } }),
    book({ shelf: [{ row: 1, room: 'c' }, null] }),
    book({ shelf: null }),
  ];
  const { values, slots } = represent(objects);
  expect(values).toEqual([
    { __typename: 'Book', id: '1', shelf: { row: 1 } },
    { __typename: 'Book', id: '1', shelf: [{ row: 1 }, null] },
    { __typename: 'Book', id: '1', shelf: null },
  ]);
  expect(slots).toEqual([0, 0, 1, 2]);
});

test('what only a condition on the type requires may be missing', () => {
  const represent = compileRepresent(
    { requires: [on('Node', field('__typename'), field('id')), on('Book', field('title'))] },
    schema,
  );
  expect(represent([{ __typename: 'Book', id: '1' }]).values).toEqual([{ __typename: 'Book', id: '1' }]);
});

test('a representation may call itself by another name than the object does', () => {
  const inputRewrites = [{ kind: 'ValueSetter' as const, path: ['... on Book', '__typename'], setValueTo: 'Node' }];
  const book = { __typename: 'Book', id: '1' };
  const { values } = compileRepresent({ requires: byId, inputRewrites }, schema)([book]);
  expect({ values, book }).toEqual({
    values: [{ __typename: 'Node', id: '1' }],
    book: { __typename: 'Book', id: '1' },
  });
});

test('a representation shares nothing with the data', () => {
  const represent = compileRepresent({ requires: [on('Book', field('__typename'), field('shelf'))] }, schema);
  const book = { __typename: 'Book', shelf: { row: 1 } };
  const { values } = represent([book]);
  Object.assign(values[0]?.shelf as object, { row: 2 });
  expect(book.shelf).toEqual({ row: 1 });
});
