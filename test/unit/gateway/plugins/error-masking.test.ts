import { ERRORS } from '@apollo/federation-internals';
import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';

import { createErrorMasking, withoutValues } from '@tributary/gateway/plugins/error-masking';
import { createLogger } from '@tributary/kit/logger';

describe('an error on its way to a client', () => {
  const mask = createErrorMasking({
    currentRequest: () => undefined,
    limits: { tokens: 1, selections: 1, depth: 1 },
    production: false,
    logger: createLogger({ level: 'silent', name: 'test' }),
  });
  const place = { path: ['book'], locations: [{ line: 1, column: 1 }] };
  const telltales = { stacktrace: ['hunter2'], exception: {}, serviceName: 'hunter2', http: { status: 418 } };

  test('keeps its message, place and code, and of the rest only the name of the subgraph', () => {
    const error = { message: 'No.', ...place, extensions: { ...telltales, code: 'FORBIDDEN', subgraph: 'reviews' } };
    expect(mask(error, undefined)).toEqual({
      message: 'No.',
      ...place,
      extensions: { code: 'FORBIDDEN', subgraph: 'reviews' },
    });
  });

  test('loses message and extensions when its code is unknown', () => {
    const error = { message: 'hunter2', ...place, extensions: { ...telltales, code: 'ER_NO_SUCH_TABLE: hunter2' } };
    expect(mask(error, undefined)).toEqual({
      message: 'Something went wrong on our side.',
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
  });

  test('that the planner made says nothing of what the planner said', () => {
    const error = ERRORS.INVALID_GRAPHQL.err('Cannot query field "hunter2" on type "Query".');
    expect(error.extensions.code).toBe('INVALID_GRAPHQL');
    expect(mask(error.toJSON(), error)).toEqual({
      message: 'Something went wrong on our side.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
  });

  test.each(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE'])(
    'with the code %s passes when the gateway itself refused, and not when a subgraph refused the gateway',
    (code) => {
      const own = new GraphQLError('Not like this.', { extensions: { code } });
      const foreign = new GraphQLError('Not like this.', { extensions: { code, subgraph: 'reviews' } });
      expect(mask(own.toJSON(), own)).toEqual({ message: 'Not like this.', extensions: { code } });
      expect(mask(foreign.toJSON(), foreign)).toEqual({
        message: 'Something went wrong on our side.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph: 'reviews' },
      });
    },
  );
});

test.each([
  [
    'Variable "$a" got invalid value "hunter2"; String cannot represent a non string value: 7',
    'Variable "$a" got an invalid value.',
  ],
  [
    'Variable "$a" got invalid value { x: "hunter2; at \\"a\\"" } at "a.b[0].c"; Expected type "Int".',
    'Variable "$a" got an invalid value at "a.b[0].c".',
  ],
  [
    'Variable "$a" got invalid value "hunter2"; Int cannot represent non-integer value: "hunter2"',
    'Variable "$a" got an invalid value.',
  ],
  [
    'Variable "$a" of required type "Int!" was not provided.',
    'Variable "$a" of required type "Int!" was not provided.',
  ],
  ['Something else.', 'Something else.'],
])('a message of graphql-js loses the value it repeats: %s', (message, shown) => {
  expect(withoutValues(message)).toBe(shown);
});
