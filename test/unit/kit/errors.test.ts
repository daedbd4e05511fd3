import { buildSchema, execute, GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';

import {
  badUserInput,
  DomainError,
  domainError,
  errorCatalog,
  forbidden,
  notFound,
  toPublicError,
} from '@tributary/kit/errors';
import { scalars } from '@tributary/kit/scalars';

const schema = buildSchema(/* GraphQL */ `
  scalar DateTime
  enum Color {
    RED
    GREEN
  }
  input Filter {
    since: DateTime
    color: Color
    size: Int! = 3
    name: String
  }
  interface Thing {
    id: ID
  }
  type Box implements Thing {
    id: ID
    color: Color
  }
  type Query {
    list(filter: Filter, ids: [ID!], size: Int! = 5): String
    required: String!
    color: Color
    thing: Thing
    box: Box
  }
`);
Object.assign(schema.getType('DateTime')!, { parseValue: scalars.DateTime!.parseValue });

interface Answer {
  errors: { message: string; code: unknown; path: readonly (string | number)[] | undefined }[];
  unexpected: (string | undefined)[];
}

/** What a client sees of the errors of an operation, and what goes to the log. */
async function errorsOf(
  query: string,
  variableValues: Record<string, unknown> = {},
  root: Record<string, unknown> = {},
): Promise<Answer> {
  const document = parse(query, { noLocation: true });
  const { errors = [] } = await execute({ schema, document, variableValues, rootValue: root });
  const shown = errors.map(toPublicError);
  return {
    errors: shown.map(({ error }) => ({ message: error.message, code: error.extensions.code, path: error.path })),
    unexpected: shown.map(({ unexpected }) => unexpected?.message),
  };
}
const masked = (path: readonly string[], logged: string): Answer => ({
  errors: [{ message: 'Something went wrong on our side.', code: 'INTERNAL_SERVER_ERROR', path }],
  unexpected: [logged],
});
const inputRefused = (message: string): Answer => ({
  errors: [{ message, code: 'BAD_USER_INPUT', path: undefined }],
  unexpected: [undefined],
});
const failing = (error: unknown) => ({
  list: () => {
    throw error;
  },
});

test('a domain error keeps its code, message and path', async () => {
  expect(await errorsOf('{ list }', {}, failing(notFound()))).toEqual({
    errors: [{ message: 'There is no such object, or the caller may not see it.', code: 'NOT_FOUND', path: ['list'] }],
    unexpected: [undefined],
  });
  expect(await errorsOf('{ list }', {}, failing(badUserInput('Give a slug or an id.')))).toEqual({
    errors: [{ message: 'Give a slug or an id.', code: 'BAD_USER_INPUT', path: ['list'] }],
    unexpected: [undefined],
  });
});

test('nothing but code and message of a domain error gets out', () => {
  const cause = Object.assign(forbidden(), { organizationId: 'o-1', cause: new Error('secret') });
  const { error } = toPublicError(new GraphQLError('x', { originalError: cause, extensions: { sql: 'SELECT' } }));
  expect(error.toJSON()).toEqual({
    message: 'x',
    extensions: { code: 'FORBIDDEN' },
  });
});

test.each([
  ['an Error', new Error('duplicate key value violates unique constraint "users_email"')],
  ['an Error with a code', Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' })],
  ['an error with extensions', Object.assign(new Error('select * from users'), { extensions: { code: 'FORBIDDEN' } })],
  ['a GraphQLError of a library', new GraphQLError('token hunter2', { extensions: { code: 'FORBIDDEN' } })],
])('%s is masked for the client and kept for the log', async (_name, error) => {
  expect(await errorsOf('{ list }', {}, failing(error))).toEqual(masked(['list'], error.message));
});

test('something thrown that is no Error is masked as well', async () => {
  const answer = await errorsOf('{ list }', {}, failing({ password: 'hunter2' }));
  expect(answer.errors).toEqual(masked(['list'], '').errors);
});

test('null in a non-null field is a bug of ours: masked and logged', async () => {
  expect(await errorsOf('{ required }', {}, { required: null })).toEqual(
    masked(['required'], 'Cannot return null for non-nullable field Query.required.'),
  );
});

test('an answer that does not fit the schema is a bug of ours: masked and logged', async () => {
  expect(await errorsOf('{ color }', {}, { color: 'hunter2' })).toEqual(
    masked(['color'], 'Enum "Color" cannot represent value: "hunter2"'),
  );
  const wrongKind = await errorsOf('{ thing { id } }', {}, { thing: { __typename: 'Query' } });
  expect(wrongKind).toEqual(masked(['thing'], 'Runtime Object type "Query" is not a possible type for "Thing".'));
});

const LIST = 'query ($filter: Filter, $ids: [ID!], $size: Int) { list(filter: $filter, ids: $ids) }';

test.each([
  ['a scalar of graphql', { filter: { size: 'hunter2' } }, '$filter', 'Filter', ''],
  ['an enum', { filter: { color: 'hunter2' } }, '$filter', 'Filter', ''],
  ['an object where text belongs', { filter: { name: { password: 'hunter2' } } }, '$filter', 'Filter', ''],
  ['an unknown field', { filter: { hunter2: 1 } }, '$filter', 'Filter', ''],
  ['text where an object belongs', { filter: 'hunter2' }, '$filter', 'Filter', ''],
  ['an element of a list', { ids: [{ secret: 'hunter2' }] }, '$ids', '[ID!]', ''],
  [
    'a scalar of ours',
    { filter: { since: 'hunter2' } },
    '$filter',
    'Filter',
    ' DateTime must be an instant in RFC 3339 form, for example 2026-05-04T10:15:30.000Z.',
  ],
])('a wrong variable is BAD_USER_INPUT and is not repeated: %s', async (_name, variables, variable, type, reason) => {
  expect(await errorsOf(LIST, variables)).toEqual(
    inputRefused(`Variable "${variable}" got a value that does not fit its type "${type}".${reason}`),
  );
});

test('each wrong variable is told', async () => {
  const { errors } = await errorsOf(LIST, { filter: 'a', ids: 1.5, size: 'hunter2' });
  expect(errors.map(({ message }) => /"\$\w+"/.exec(message)?.[0])).toEqual(['"$filter"', '"$ids"', '"$size"']);
});

test('a required variable that is missing or null is BAD_USER_INPUT', async () => {
  const query = 'query ($filter: Filter!) { list(filter: $filter) }';
  expect(await errorsOf(query)).toEqual(
    inputRefused('Variable "$filter" of required type "Filter!" was not provided.'),
  );
  expect(await errorsOf(query, { filter: null })).toEqual(
    inputRefused('Variable "$filter" of non-null type "Filter!" must not be null.'),
  );
});

test('a null variable in a required argument is the fault of the request, though it shows only when the field runs', async () => {
  const refusal: Answer = {
    errors: [
      { message: 'An argument got a value that does not fit its type.', code: 'BAD_USER_INPUT', path: ['list'] },
    ],
    unexpected: [undefined],
  };
  expect(await errorsOf('query ($size: Int = 1) { list(size: $size) }', { size: null })).toEqual(refusal);
  expect(await errorsOf('query ($id: ID = "hunter2") { list(ids: ["hunter2", $id]) }', { id: null })).toEqual(refusal);
});

test('an operation that cannot be chosen is BAD_USER_INPUT', async () => {
  expect(await errorsOf('query A { list } query B { list }')).toEqual(
    inputRefused('Must provide operation name if query contains multiple operations.'),
  );
});

test('an error that has a code and no cause is passed on as it is', () => {
  const error = new GraphQLError('Syntax Error', { extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  expect(toPublicError(error)).toEqual({ error, unexpected: null });
});

test('defining a code records it in the catalog and makes errors with facts', () => {
  const made = domainError('TEST_ONLY', ({ count }: { count: number }) => `There are ${count}.`);
  const error = made({ count: 3 });
  expect(error).toBeInstanceOf(DomainError);
  expect({ name: error.name, code: error.code, message: error.message }).toEqual({
    name: 'DomainError',
    code: 'TEST_ONLY',
    message: 'There are 3.',
  });
  expect(errorCatalog.has('TEST_ONLY')).toBe(true);
  expect(
    ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT'].filter((code) => !errorCatalog.has(code)),
  ).toEqual([]);
});
