import { auditServer } from 'graphql-http';
import { describe, expect, test } from 'vitest';

import { bookId, support } from '../library.ts';
import { refusal, serveLibrary, unusable } from './served-library.ts';
import type { Answer } from './served-library.ts';

const served = serveLibrary();
const { bearer, post, send, start } = served;

describe('for the gateway', () => {
  test('an operation runs as the principal of the token', async () => {
    const query = 'query ($id: ID!) { book(id: $id) { title priceMinor secretNote } staffMotto }';
    expect(await post({ query, variables: { id: bookId(1) } }, await bearer(support))).toEqual({
      status: 200,
      body: {
        data: {
          book: { title: 'Book 1', priceMinor: '9007199254740994', secretNote: 'note 1' },
          staffMotto: 'dust',
        },
      },
    });
    const { body } = await post({ query: '{ staffMotto }' }, await bearer(null));
    expect(body).toMatchObject({ data: { staffMotto: null }, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('nothing else in the request says who calls', async () => {
    const forged = {
      'x-user-id': support.type === 'user' ? support.userId : '',
      'x-role': 'SUPPORT',
      'x-internal-principal': '{}',
    };
    const { body } = await post({ query: '{ staffMotto }' }, forged);
    expect(body).toMatchObject({ data: { staffMotto: null }, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('the operation name chooses among several', async () => {
    const query = 'query A { motto } query B { afterwards }';
    expect(await post({ query, operationName: 'B' })).toEqual({
      status: 200,
      body: { data: { afterwards: 'at once' } },
    });
  });

  test('the request id is the one the gateway sends, and one is made up where it sends none', async () => {
    served.library.log.length = 0;
    await post({ query: '{ leak }' }, { 'x-request-id': 'from-the-gateway' });
    await post({ query: '{ leak }' });
    expect(served.library.log.map((line) => line.requestId)).toEqual([
      'from-the-gateway',
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ]);
  });

  test.each(['-5', '0', 'soon', '1e9', ''])('a time limit of %j is not taken at its word', async (limit) => {
    const query = `{ book(id: "${bookId(1)}") { title } }`;
    expect(await post({ query }, { 'x-request-timeout-ms': limit })).toEqual({
      status: 200,
      body: { data: { book: { title: 'Book 1' } } },
    });
  });

  test('the deadline is the one the gateway sends', async () => {
    const clock = { now: steppingClock(100) };
    const stepping = await start({
      clock,
      subgraph: {
        ...served.library.subgraph,
        execute: async (_request, call) => ({ data: { deadline: call.deadline } }),
      },
    });
    const answer = await fetch(`${stepping.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-timeout-ms': '250', ...(await bearer()) },
      body: JSON.stringify({ query: '{ motto }' }),
    });
    expect(await answer.json()).toEqual({ data: { deadline: 350 } });
    await stepping.stop();
  });
  const steppingClock = (milliseconds: number) => () => new Date(milliseconds);

  test('a path that does not exist is 404, another method 405', async () => {
    const headers = await bearer();
    expect(await send('/nothing', { headers })).toEqual(refusal(404, 'NOT_FOUND', 'There is nothing here.'));
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'])
      expect(await send('/graphql?query={motto}', { method, headers })).toEqual(
        refusal(405, 'BAD_REQUEST', 'Operations are sent with POST.'),
      );
  });

  test.each<[string, string, Answer]>([
    ['no JSON', '{"query"', unusable(400)],
    ['nothing', '', unusable(400)],
    ['a key that would change a prototype', '{"query":"{ motto }","variables":{"__proto__":{"a":1}}}', unusable(400)],
    ['no query', '{}', refusal(400, 'BAD_REQUEST', 'Missing query')],
    ['a list', '[{"query":"{ motto }"}]', refusal(400, 'BAD_REQUEST', 'Missing query')],
    ['a query that is no text', '{"query":5}', refusal(400, 'BAD_REQUEST', 'Invalid query')],
    [
      'variables that are no object',
      '{"query":"{ motto }","variables":[]}',
      refusal(400, 'BAD_REQUEST', 'Invalid variables'),
    ],
    ['more than 4 MiB', JSON.stringify({ query: `# ${'x'.repeat(4 * 1024 * 1024)}` }), unusable(413)],
  ])('a body of %s is refused with a code', async (_name, body, answer) => {
    expect(await post(body)).toEqual(answer);
  });

  test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'a body of type %s is not read',
    async (type) => {
      expect(await post('query=%7Bmotto%7D', { 'content-type': type })).toEqual(unusable(415));
    },
  );

  test('a body of 4 MiB is read', async () => {
    const start = '{ motto } #';
    const body = JSON.stringify({ query: start });
    const query = start + 'x'.repeat(4 * 1024 * 1024 - body.length);
    expect(await post({ query })).toEqual({ status: 200, body: { data: { motto: 'read' } } });
  });

  test('10,000 representations fit into one request', async () => {
    const representations = Array.from({ length: 10_000 }, (_, number) => ({
      __typename: 'Book',
      id: bookId(1 + (number % 500)),
    }));
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Book { id } } }';
    const { status, body } = await post({ query, variables: { r: representations } });
    expect(status).toBe(200);
    const { data, errors } = body as { data: { _entities: { id: string }[] }; errors?: unknown };
    expect(errors).toBeUndefined();
    expect(data._entities.map(({ id }) => id)).toEqual(representations.map(({ id }) => id));
  });

  test('GraphQL over HTTP is spoken as its specification says', async () => {
    const headers = await bearer();
    const results = await auditServer({
      url: `${served.server.url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) => {
        const sent = new Headers(init.headers);
        sent.set('authorization', headers.authorization);
        return fetch(url, { ...init, headers: sent });
      },
    });
    expect(results).toHaveLength(61);
    const failed = results.filter((result) => result.status === 'error' || result.status === 'warn');
    expect(failed.map(({ id, name, status }) => `${status} ${id} ${name}`)).toEqual([]);
  });
});
