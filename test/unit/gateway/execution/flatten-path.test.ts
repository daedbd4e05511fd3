import { expect, test } from 'vitest';

import {
  compileObjectsAt,
  compileReplaceAt,
  objectsWithAncestors,
  placedObjectsAt,
} from '@tributary/gateway/execution/flatten-path';

const [emma, persuasion, sanditon] = ['Emma', 'Persuasion', 'Sanditon'].map((title) => ({ title }));
const shelves = [{ books: [emma, null, persuasion] }, null, { books: null }, { books: [sanditon] }];
const data = { shelves, rooms: [[{ book: emma }], [], [{ book: null }, { book: sanditon }]], toString: 'x' };

test.each([
  [[], [data]],
  [
    ['shelves', '@', 'books', '@'],
    [emma, persuasion, sanditon],
  ],
  [
    ['rooms', '@', '@', 'book'],
    [emma, sanditon],
  ],
  [['nothing', '@'], []],
  [['shelves', 'books'], []],
  [['toString'], []],
  [['constructor', 'prototype'], []],
])('%j leads to the objects in their order, past everything that is null', (path, expected) => {
  expect(compileObjectsAt(path)([data])).toEqual(expected);
  expect(placedObjectsAt(data, path).map(({ object }) => object)).toEqual(expected);
  expect(objectsWithAncestors(data, path).map(({ object }) => object)).toEqual(expected);
});

test('a place counts every item of a list, also those that are null', () => {
  expect(placedObjectsAt(data, ['shelves', '@', 'books', '@']).map(({ path }) => path)).toEqual([
    ['shelves', 0, 'books', 0],
    ['shelves', 0, 'books', 2],
    ['shelves', 3, 'books', 0],
  ]);
});

test('ancestors are objects, the outermost first', () => {
  expect(objectsWithAncestors(data, ['shelves', '@', 'books', '@']).map(({ ancestors }) => ancestors)).toEqual([
    [data, shelves[0]],
    [data, shelves[0]],
    [data, shelves[3]],
  ]);
});

test.each([
  [['shelves', '@', 'books', '@']],
  [['rooms', '@', '@', 'book']],
  [['nothing', '@']],
  [['shelves', 'books']],
  [['constructor', 'prototype']],
])('what stands at %j is replaced in the same order, and nothing else', (path) => {
  const copy = structuredClone(data);
  const others = compileObjectsAt(path)([copy]).map((_, index) => ({ title: `other ${index}` }));
  compileReplaceAt(path)([copy], others);
  expect(compileObjectsAt(path)([copy])).toEqual(others);
  const expected = JSON.stringify(data);
  compileReplaceAt(path)([copy], compileObjectsAt(path)([data]));
  expect(JSON.stringify(copy)).toBe(expected);
});
