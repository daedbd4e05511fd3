import { Kind, parse, print } from 'graphql';
import type { SelectionNode } from 'graphql';
import { expect, test } from 'vitest';

import { filterOperation } from '@tributary/gateway/authorization/filter-operation';

const isDenied = (selection: SelectionNode) =>
  selection.kind === Kind.INLINE_FRAGMENT
    ? selection.typeCondition?.name.value === 'Closed'
    : selection.name.value.startsWith('denied');

function filter(text: string) {
  const document = parse(text);
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)!;
  const { planned, shaped, denied } = filterOperation({ document, operation }, isDenied);
  return {
    planned: planned && plain(print(planned.document)),
    shaped: plain(print(shaped.document)),
    denied: [...denied].map(({ name }) => name.value),
  };
}

const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

test('a denied field is planned by nobody, and its place is kept', () => {
  expect(filter('{ a deniedB { c } d { deniedE f } }')).toEqual({
    planned: '{ a d { __typename f } }',
    shaped: '{ a deniedB d { deniedE f } }',
    denied: ['deniedB', 'deniedE'],
  });
});

test('what is not changed stays the same node, so that nothing is done twice', () => {
  const document = parse('{ a { b } deniedC }');
  const operation = document.definitions[0]!;
  if (operation.kind !== Kind.OPERATION_DEFINITION) throw new Error('That is no operation.');
  const { planned } = filterOperation({ document, operation }, isDenied);
  expect(planned?.operation.selectionSet.selections[0]).toBe(operation.selectionSet.selections[0]);
});

test('a fragment with nothing left is gone with everything that spreads it', () => {
  expect(filter('{ a { ...F x } } fragment F on T { deniedB ...G } fragment G on T { deniedC }')).toMatchObject({
    planned: '{ a { __typename x } }',
    denied: ['deniedC', 'deniedB'].sort(),
  });
});

test('a denied fragment is written out, for the fragments in it may be allowed elsewhere', () => {
  expect(filter('{ a { ... on Closed { ...F } ...F } } fragment F on T { __typename b }')).toMatchObject({
    planned: '{ a { __typename ...F } } fragment F on T { __typename b }',
    shaped: '{ a { ... on Closed { ... on T { __typename b } } ...F } } fragment F on T { __typename b }',
    denied: ['b'],
  });
});

test('what is delivered later is delivered later, also when all of it is denied', () => {
  expect(filter('{ a { x ... @defer(label: "l") { deniedB } ...F @defer } } fragment F on T { deniedC }').planned).toBe(
    '{ a { __typename x ... @defer(label: "l") { __typename } ... on T @defer { __typename } } }',
  );
});

test('an operation with nothing left is not planned', () => {
  expect(filter('{ deniedA ... @include(if: true) { deniedB } }')).toMatchObject({ planned: null });
});
