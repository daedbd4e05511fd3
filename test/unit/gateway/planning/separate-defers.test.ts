import { Kind, parse, print } from 'graphql';
import { expect, test } from 'vitest';

import { separateDefers, withoutDefers } from '@tributary/gateway/planning/separate-defers';

function read(text: string) {
  const document = parse(text);
  const operation = document.definitions[0];
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('That is no operation.');
  return { document, operation };
}

test('an operation without deferred fragments is left alone, whatever other operations of its document defer', () => {
  expect(separateDefers(read('query A { me { id } } query B { me { ... @defer { id } } }'))).toBeNull();
});

test('each deferred fragment has a label of its own, wherever it is spread', () => {
  const separated = separateDefers(
    read(`query A($v: Boolean!) { a { ...F } b { ...F ...G @defer(if: $v) } c { ... @defer(if: false) { id } } }
      fragment F on T { ... @defer(label: "x") { id } } fragment G on T { id }`),
  );
  expect(print(separated!.operation.document).replaceAll(/\s+/g, ' ')).toBe(
    'query A($v: Boolean!) { a { ... on T { ... @defer(label: "part0") { id } } } ' +
      'b { ... on T { ... @defer(label: "part1") { id } } ...G @defer(if: $v, label: "part2") } c { ... { id } } } ' +
      'fragment G on T { id }',
  );
  expect([...separated!.partLabels.values()]).toEqual(['x', 'x', undefined]);
});

test('whether anything is deferred may depend on variables and their defaults', () => {
  const { isDeferring } = separateDefers(read('query A($v: Boolean = true) { me { ... @defer(if: $v) { id } } }'))!;
  expect([isDeferring({}), isDeferring({ v: false }), isDeferring({ v: true })]).toEqual([true, false, true]);
});

test('without its deferrals an operation is the same but for the directive', () => {
  const { document } = withoutDefers(
    read('{ me { ... @defer(label: "x") { id } ...F @defer } } fragment F on T { id }'),
  );
  expect(print(document)).not.toContain('defer');
  expect(print(document)).toContain('...F');
});

test('a subscription cannot defer', () => {
  expect(() => separateDefers(read('subscription { event { ... @defer { id } } }'))).toThrow(
    '"@defer" cannot be used in a subscription.',
  );
});
