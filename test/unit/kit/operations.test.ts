import { buildSchema, GraphQLError } from 'graphql';
import { expect, test } from 'vitest';

import { createPreparedOperations } from '@tributary/kit/operations';

const schema = buildSchema('type Query { a: String, b(text: String): String }');
const preparing = () => createPreparedOperations(schema);
/** Distinct texts of operations that mean the same. */
const textOf = (number: number) => `query Q${number} { a }`;

test('a text is parsed and validated once', () => {
  const operations = preparing();
  const entry = operations.prepare('{ a }');
  expect(entry.errors).toEqual([]);
  expect(entry.document.definitions).toHaveLength(1);
  expect(operations.prepare('{ a }')).toBe(entry);
  expect(operations.prepare('{ a } ')).not.toBe(entry);
});

test('the reasons why a text cannot run are kept with it', () => {
  const operations = preparing();
  const entry = operations.prepare('{ c }');
  expect(entry.errors.map(({ message }) => message)).toEqual(['Cannot query field "c" on type "Query".']);
  expect(operations.prepare('{ c }')).toBe(entry);
});

test('a text that is no document throws its syntax error every time', () => {
  const operations = preparing();
  for (const _ of [1, 2]) expect(() => operations.prepare('{ a')).toThrow(GraphQLError);
});

test('a text of more than 15,000 tokens is not read to its end', () => {
  const operations = preparing();
  expect(operations.prepare(`{ ${'a '.repeat(14_998)}}`).document).toBeDefined();
  expect(() => operations.prepare(`{ ${'a '.repeat(15_000)}}`)).toThrow(
    'Syntax Error: Document contains more that 15000',
  );
});

test('a thousand texts are kept, and the one that was not used for longest goes first', () => {
  const operations = preparing();
  const kept = Array.from({ length: 1_000 }, (_, number) => operations.prepare(textOf(number)));
  expect(operations.prepare(textOf(0))).toBe(kept[0]); // now the latest
  operations.prepare(textOf(1_000));
  const isKept = (number: number) => operations.prepare(textOf(number)) === kept[number];
  expect(isKept(999)).toBe(true);
  expect(isKept(0)).toBe(true);
  expect(isKept(2)).toBe(true);
  expect(isKept(1)).toBe(false);
});

test('a text that carries much data of its own runs but is not kept', () => {
  const operations = preparing();
  const text = `{ b(text: "${'x'.repeat(40_000)}") }`;
  const entry = operations.prepare(text);
  expect(entry.errors).toEqual([]);
  expect(operations.prepare(text)).not.toBe(entry);
});
