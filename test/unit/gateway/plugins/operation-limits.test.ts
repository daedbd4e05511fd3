import { parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';

import { depthOf } from '@tributary/gateway/plugins/operation-limits';

function depth(text: string): number {
  const document = parse(text);
  return depthOf(document, document.definitions[0] as OperationDefinitionNode);
}

test.each([
  ['{ a }', 1],
  ['{ a { b } c { d { e } } }', 3],
  ['{ ... { a { ... on T { b } } } }', 2],
  ['{ ...F } fragment F on T { a { ...G } } fragment G on T { b }', 2],
  ['{ a { ...F } b { c { ...F } } } fragment F on T { d }', 3],
])('fragments add no level of their own: %s has %i', (text, levels) => {
  expect(depth(text)).toBe(levels);
});

test('fragments that multiply are measured in no time', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, n) => `fragment F${n} on T { a { ...F${n + 1} } b { ...F${n + 1} } }`,
  );
  expect(depth(`{ ...F0 } ${fragments.join(' ')} fragment F60 on T { c }`)).toBe(61);
});
