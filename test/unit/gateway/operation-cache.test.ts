import { Kind, parse } from 'graphql';
import { expect, test } from 'vitest';

import { loadSupergraph } from '@tributary/gateway';
import { createOperationCache } from '@tributary/gateway/operation-cache';
import type { KnownOperation } from '@tributary/gateway/operation-cache';
import { wholeVariantOf } from '@tributary/gateway/planning/operation-variants';

import { composeLibrary } from '../../integration/gateway/library.ts';

const supergraph = loadSupergraph(composeLibrary());

function createCache(max: number) {
  const prepared: string[] = [];
  const cache = createOperationCache({
    supergraph,
    authorizationMode: 'filter',
    max,
    executor: {
      prepare({ operation }) {
        prepared.push(operation.name?.value ?? '');
        return { execute: async () => ({ data: null }), subscribe: async () => ({ data: null }) };
      },
    },
  });
  const prepare = (operation: KnownOperation) => cache.prepare(operation, wholeVariantOf(cache.facts(operation)));
  return { cache, prepare, prepared };
}

function known(text: string, index = 0): KnownOperation {
  const document = parse(text);
  const operation = document.definitions[index];
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('That is no operation.');
  return { hash: text, document, operation };
}

test('an operation is planned once, and each operation of a document by itself', () => {
  const { prepare, prepared } = createCache(10);
  const both = 'query A { books { id } } query B { books { title } }';
  const first = prepare(known(both));
  expect(prepare(known(both))).toBe(first);
  expect(prepare(known(both, 1))).not.toBe(first);
  expect(prepared).toEqual(['A', 'B']);
});

test('what the planner refuses is refused again each time, and nothing of it is kept', () => {
  const { cache, prepare } = createCache(10);
  const wrong = known('query Wrong { nothing }');
  for (let time = 0; time < 3; time += 1) expect(() => prepare(wrong)).toThrow('nothing');
  expect(cache.mostUsed()).toEqual([]);
});

test('no more operations are kept than there is room for, and of the longest only a few', () => {
  const { cache, prepare } = createCache(50);
  for (let index = 0; index < 200; index += 1) prepare(known(`query Q${index} { books { id } }`));
  expect(cache.mostUsed()).toHaveLength(50);
  for (let index = 0; index < 40; index += 1) prepare(known(`query L${index} { books { id } } #${'x'.repeat(20_000)}`));
  expect(cache.mostUsed().length).toBeLessThan(15);
});

test('the most used operations come first, and count for half when they are taken over', () => {
  const { cache, prepare } = createCache(10);
  for (const [name, times] of Object.entries({ Rare: 1, Often: 8, Sometimes: 3 }))
    for (let time = 0; time < times; time += 1) prepare(known(`query ${name} { books { id } }`));
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

test('what one kind of caller has been using is made for that kind, unless others may have it now', () => {
  const { cache } = createCache(10);
  const guarded = known('{ book(id: 1) { draft } isbn(of: { id: 1 }) }');
  const verdict = cache.facts(guarded).guarded?.verdict({ isAuthenticated: true, scopes: [], policies: new Set() });
  cache.prepare(guarded, { verdict: verdict ?? '', labels: [] });
  const [used] = cache.mostUsed();
  const { cache: next } = createCache(10);
  next.adopt(used!);
  expect(next.mostUsed().map(({ variant }) => variant.verdict)).toEqual(['01']);
  const { cache: changed } = createCache(10);
  changed.adopt({ ...used!, facts: { ...used!.facts, signature: 'something else' } });
  expect(changed.mostUsed().map(({ variant }) => variant.verdict)).toEqual(['11']);
});
