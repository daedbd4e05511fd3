import { Kind, parse } from 'graphql';
import { expect, test } from 'vitest';

import { loadSupergraph } from '@tributary/gateway';
import { createOperationCache } from '@tributary/gateway/operation-cache';
import type { KnownOperation } from '@tributary/gateway/operation-cache';

import { composeLibrary } from '../../integration/gateway/library.ts';

const supergraph = loadSupergraph(composeLibrary());

function createCache(max: number) {
  const prepared: string[] = [];
  const cache = createOperationCache({
    supergraph,
    max,
    executor: {
      prepare({ operation }) {
        prepared.push(operation.name?.value ?? '');
        return { execute: async () => ({ data: null }), subscribe: async () => ({ data: null }) };
      },
    },
  });
  return { cache, prepared };
}

function known(text: string, index = 0): KnownOperation {
  const document = parse(text);
  const operation = document.definitions[index];
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('That is no operation.');
  return { hash: text, document, operation };
}

test('an operation is planned once, and each operation of a document by itself', () => {
  const { cache, prepared } = createCache(10);
  const both = 'query A { books { id } } query B { books { title } }';
  const first = cache.prepare(known(both));
  expect(cache.prepare(known(both))).toBe(first);
  expect(cache.prepare(known(both, 1))).not.toBe(first);
  expect(prepared).toEqual(['A', 'B']);
});

test('what the planner refuses is refused again each time, and nothing of it is kept', () => {
  const { cache } = createCache(10);
  const wrong = known('query Wrong { nothing }');
  for (let time = 0; time < 3; time += 1) expect(() => cache.prepare(wrong)).toThrow('nothing');
  expect(cache.mostUsed()).toEqual([]);
});

test('no more operations are kept than there is room for, and of the longest only a few', () => {
  const { cache } = createCache(50);
  for (let index = 0; index < 200; index += 1) cache.prepare(known(`query Q${index} { books { id } }`));
  expect(cache.mostUsed()).toHaveLength(50);
  for (let index = 0; index < 40; index += 1)
    cache.prepare(known(`query L${index} { books { id } } #${'x'.repeat(20_000)}`));
  expect(cache.mostUsed().length).toBeLessThan(15);
});

test('the most used operations come first, and count for half when they are taken over', () => {
  const { cache } = createCache(10);
  for (const [name, times] of Object.entries({ Rare: 1, Often: 8, Sometimes: 3 }))
    for (let time = 0; time < times; time += 1) cache.prepare(known(`query ${name} { books { id } }`));
  const used = cache.mostUsed();
  expect(used.map(({ operation, uses }) => [operation.name?.value, uses])).toEqual([
    ['Often', 8],
    ['Sometimes', 3],
    ['Rare', 1],
  ]);
  const { cache: next, prepared } = createCache(10);
  for (const each of used) next.adopt(each);
  expect(prepared).toEqual(['Often', 'Sometimes', 'Rare']);
  expect(next.mostUsed().map(({ uses }) => uses)).toEqual([4, 1, 0]);
});
