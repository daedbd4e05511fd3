import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';

import { readClientOperation } from '@tributary/gateway/execution/client-path';

const document = parse(`
  query A { list: orders { ...Lines } }
  query B { me { id } }
  fragment Lines on Order { ... on Order { items: lines { sku } } }
`);

const operationOf = (name: string) => readClientOperation(document, getOperationAST(document, name)!);

test.each([[['list', 0, 'items', 2, 'sku']], [['list', 0]]])(
  'a path within the operation stays as it is: %j',
  (path) => {
    expect(operationOf('A').visiblePart(path)).toEqual(path);
  },
);

test.each([
  [
    ['list', 0, 'lines', 2, 'sku'],
    ['list', 0],
  ],
  [
    ['list', 0, 'items', 2, 'price', 'amount'],
    ['list', 0, 'items', 2],
  ],
  [['list', '_entities', 0], ['list']],
  [['orders', 0], []],
])('a path into what only the plan asks for is cut: %j', (path, visible) => {
  expect(operationOf('A').visiblePart(path)).toEqual(visible);
});

test('the operation is the one that was named', () => {
  expect(operationOf('B').visiblePart(['me', 'id'])).toEqual(['me', 'id']);
  expect(operationOf('A').visiblePart(['me', 'id'])).toEqual([]);
});
