import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';

import { composeLibrary, sdls } from './library.ts';
import { startLibrary, transportKinds } from './library-gateway.ts';
import type { LibraryOptions } from './library-gateway.ts';

// What a subgraph or the planner says about a failure is not written for clients. Codes of refusals pass with their messages;
// everything else leaves as the one answer that says nothing.

const SECRET = 'hunter2';

/** The extensions that vendors attach to errors, each of them with something to hide. */
const TELLTALES = {
  stacktrace: [`Error: ${SECRET}`, `    at ${SECRET}.ts:1`],
  exception: { message: SECRET },
  http: { status: 418, headers: { 'x-secret': SECRET } },
  originalError: SECRET,
  serviceName: SECRET,
  subgraph: SECRET,
};

const throwing = (message: string, extensions: Record<string, unknown>) => ({
  reviews: {
    Query: {
      newest: () => {
        throw new GraphQLError(message, { extensions: { ...TELLTALES, ...extensions } });
      },
    },
  },
});

const ask = async (options: LibraryOptions) => {
  await using library = await startLibrary(options);
  const { status, headers, body } = await library.query('{ newest { text } book(id: "1") { title } }');
  const requestId = headers.get('x-request-id');
  return { answer: { status, body }, requestId, headers: JSON.stringify([...headers]), logs: library.logs };
};

describe.each(transportKinds)('an error of a subgraph over the %s transport', (transport) => {
  test.each(['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'CURSOR_INVALID', 'V2_RETIRED'])(
    'with the code %s passes with its message, and nothing else of it leaves',
    async (code) => {
      const { answer, headers } = await ask({ transport, resolvers: throwing('Not today.', { code }) });
      expect(answer).toEqual({
        status: 200,
        body: {
          data: { newest: null, book: { title: 'Emma' } },
          errors: [{ message: 'Not today.', path: ['newest'], extensions: { code, subgraph: 'reviews' } }],
        },
      });
      expect(headers).not.toContain(SECRET);
    },
  );

  test.each([
    ['that has no code', {}],
    ['whose code is no text', { code: 403 }],
    ['whose code is empty', { code: '' }],
    ['whose code is a sentence', { code: `column "${SECRET}" does not exist` }],
    ['whose code is written in small letters', { code: 'forbidden' }],
    ['whose code begins with a number', { code: '42P01' }],
    ['whose code only ends like one', { code: `${SECRET}\nFORBIDDEN` }],
    ['whose code only begins like one', { code: `FORBIDDEN\n${SECRET}` }],
    ['that is internal', { code: 'INTERNAL_SERVER_ERROR' }],
    ['about what the gateway asked', { code: 'GRAPHQL_VALIDATION_FAILED' }],
    ['about how the gateway wrote it', { code: 'GRAPHQL_PARSE_FAILED' }],
    ['about the operation the gateway named', { code: 'OPERATION_RESOLUTION_FAILURE' }],
    ['about a document the gateway left out', { code: 'PERSISTED_QUERY_NOT_FOUND' }],
    ['about documents the gateway may not leave out', { code: 'PERSISTED_QUERY_NOT_SUPPORTED' }],
    ['about the request of the gateway', { code: 'BAD_REQUEST' }],
    ['about what lies behind the subgraph', { code: 'DOWNSTREAM_SERVICE_ERROR' }],
    ['about its schema', { code: 'INVALID_GRAPHQL' }],
  ])('%s leaves only a request id', async (_what, extensions) => {
    const { answer, requestId, headers, logs } = await ask({
      transport,
      resolvers: throwing(`relation "${SECRET}" does not exist`, extensions),
    });
    expect(answer).toEqual({
      status: 200,
      body: {
        data: { newest: null, book: { title: 'Emma' } },
        errors: [
          {
            message: 'Something went wrong on our side.',
            path: ['newest'],
            extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, subgraph: 'reviews' },
          },
        ],
      },
    });
    expect(headers).not.toContain(SECRET);
    expect(JSON.stringify(logs)).not.toContain(SECRET);
    expect(logs).toContainEqual(expect.objectContaining({ msg: 'an error was masked', requestId, path: ['newest'] }));
  });
});

describe('an operation that passes validation and that the planner refuses', () => {
  // The planner checks numbers more strictly than GraphQL does.
  const query = '{ book(id: "1") { title } heavier(than: 1e400) }';
  const supergraphSdl = composeLibrary({
    books: sdls.books.replace('whoami: String', 'whoami: String heavier(than: Float): Boolean'),
  });

  test.each([
    ['development', false],
    ['production', true],
  ])('is masked in %s: what the planner says about it stays inside', async (_where, production) => {
    await using library = await startLibrary({ deps: { supergraphSdl }, config: { production } });
    const { status, headers, body } = await library.query(query);
    const requestId = headers.get('x-request-id');
    expect({ status, body }).toEqual({
      status: 500,
      body: {
        errors: [
          { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
        ],
      },
    });
    expect(library.fetches).toEqual([]);
    expect(library.logs).toContainEqual(
      expect.objectContaining({ msg: 'an error was masked', requestId, masked: 'INVALID_GRAPHQL' }),
    );
    expect(library.logs).toContainEqual(
      expect.objectContaining({ msg: 'request', requestId, status: 500, errors: ['INTERNAL_SERVER_ERROR'] }),
    );
  });
});
