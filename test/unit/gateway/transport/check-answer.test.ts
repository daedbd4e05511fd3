import { expect, test } from 'vitest';

import { checkAnswer } from '@tributary/gateway/transport/check-answer';

test('data and errors pass; of an error, message, path and code', () => {
  expect(
    checkAnswer({
      data: { a: 1 },
      errors: [{ message: 'No.', path: ['a', 0], locations: [], extensions: { code: 'FORBIDDEN', stacktrace: ['x'] } }],
      extensions: { trace: 'x' },
    }),
  ).toEqual({ data: { a: 1 }, errors: [{ message: 'No.', path: ['a', 0], code: 'FORBIDDEN' }] });
});

test.each([
  [{ message: 'x' }],
  [{ message: 'x', extensions: { code: 7 } }],
  [{ message: 'x', extensions: null }],
  [{ message: 'x', path: 'a' }],
  [{ message: 'x', path: [] }],
  [{ message: 'x', path: [{}] }],
  [{ message: 'x', path: [1.5] }],
])('an error of another shape keeps its message and counts as internal: %j', (error) => {
  expect(checkAnswer({ data: null, errors: [error] })).toEqual({
    data: null,
    errors: [{ message: 'x', code: 'INTERNAL_SERVER_ERROR' }],
  });
});

test.each([
  [null],
  [undefined],
  [[]],
  ['text'],
  [7],
  [{}],
  [{ data: null }],
  [{ data: [] }],
  [{ data: 'x' }],
  [{ data: {}, errors: {} }],
  [{ errors: [] }],
])('what is no GraphQL result is one error about the whole fetch: %j', (answer) => {
  const { data, errors } = checkAnswer(answer);
  expect([data, errors.map(({ code, path }) => [code, path])]).toEqual([
    null,
    [['SUBGRAPH_MALFORMED_RESPONSE', undefined]],
  ]);
});
