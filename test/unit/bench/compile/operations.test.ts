import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';

import { apiSdl } from '@tributary/schema';

import { benchOperations, operationOf, variantOf } from '../../../bench/compile/operations.ts';
import { parseCompileBenchOptions } from '../../../bench/compile/options.ts';

test('the operations of the workload are taken one by one, each with the fragments it needs', () => {
  const schema = buildSchema(apiSdl());
  const demo = benchOperations().filter(({ graph }) => graph === 'demo');
  expect(demo.map(({ name }) => name)).toContain('OrderDetail');
  for (const { name, text } of demo) {
    const document = parse(text);
    expect(operationOf(document).name?.value).toBe(name);
    expect(validate(schema, document)).toEqual([]);
  }
});

test('variants of an operation differ in one field of their own', () => {
  const text = 'query A { me { id } }';
  expect(variantOf(text, 1)).toBe('query A {\n  me {\n    id\n  }\n  variant1: __typename\n}');
  expect(variantOf(text, 2)).not.toBe(variantOf(text, 1));
});

test('numbers are taken from the arguments, and others are refused', () => {
  expect(parseCompileBenchOptions([])).toEqual({ runs: 3, kept: 100 });
  expect(parseCompileBenchOptions(['--runs', '1', '--kept=50'])).toEqual({ runs: 1, kept: 50 });
  expect(() => parseCompileBenchOptions(['--kept', '3'])).toThrow('--kept must be a whole number of at least 10.');
});
