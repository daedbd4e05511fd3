import { expect, test } from 'vitest';

import { asPersona, NOBODY, OWN_TOKEN } from '../../../../app/explorer/src/caller/caller.ts';
import type { Caller } from '../../../../app/explorer/src/caller/caller.ts';
import { createTokens } from '../../../../app/explorer/src/caller/tokens.ts';
import { createGraph, Unreachable } from '../../../../app/explorer/src/graph/graph.ts';
import { createPageFetch } from '../../../../app/explorer/src/graph/page-fetch.ts';

/** A graph that accepts one token and answers who sent it. */
function createWorld({ accepted }: { accepted: string }) {
  const sent: (string | null)[] = [];
  let signIns = 0;
  const tokens = createTokens({
    now: () => 0,
    signIn: async () => ({ access_token: `token ${(signIns += 1)}`, expires_in: 3600 }),
  });
  const fetch = async (_url: string, init?: RequestInit): Promise<Response> => {
    const authorization = new Headers(init?.headers).get('authorization');
    sent.push(authorization);
    const status = authorization === null || authorization === `Bearer ${accepted}` ? 200 : 401;
    return Response.json(
      { data: status === 200 ? {} : null },
      { status, headers: { 'x-request-id': `r${sent.length}` } },
    );
  };
  return { sent, tokens, fetch, graph: createGraph({ tokens, fetch }) };
}

test('an operation is sent with the token of whoever is chosen', async () => {
  const { graph, sent } = createWorld({ accepted: 'token 1' });
  await graph.ask(NOBODY, '{ a }');
  await graph.ask(asPersona('customer'), '{ a }');
  expect(sent).toEqual([null, 'Bearer token 1']);
});

test('an authorization header that was typed in is left alone', async () => {
  const { graph, sent } = createWorld({ accepted: 'typed' });
  await graph.fetchAs(asPersona('customer'), { headers: { Authorization: 'Bearer typed' } });
  expect(sent).toEqual(['Bearer typed']);
});

test('a refused token of a persona is renewed once, an own token is not', async () => {
  const { graph, sent, tokens } = createWorld({ accepted: 'token 2' });
  const { exchange } = await graph.fetchAs(asPersona('customer'), {});
  expect(exchange).toMatchObject({ status: 200, requestId: 'r2' });
  expect(sent).toEqual(['Bearer token 1', 'Bearer token 2']);

  sent.length = 0;
  tokens.setOwn('stale');
  expect((await graph.fetchAs(OWN_TOKEN, {})).response.status).toBe(401);
  expect(sent).toEqual(['Bearer stale']);

  const hopeless = createWorld({ accepted: 'none of these' });
  expect((await hopeless.graph.fetchAs(asPersona('customer'), {})).response.status).toBe(401);
  expect(hopeless.sent).toEqual(['Bearer token 1', 'Bearer token 2']);
});

test('a server that is gone is told in words', async () => {
  const { tokens } = createWorld({ accepted: '' });
  const fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  await expect(createGraph({ tokens, fetch }).ask(NOBODY, '{ a }')).rejects.toThrow(
    new Unreachable('The server does not answer. Is it still running?'),
  );
});

test('an answer that is no GraphQL is told in words, and reading the schema is not told as an answer', async () => {
  const { tokens, graph } = createWorld({ accepted: '' });
  const told: number[] = [];
  const deps = { caller: (): Caller => NOBODY, onExchange: ({ status }: { status: number }) => told.push(status) };
  const send = createPageFetch({ ...deps, graph });
  await send('/graphql', { method: 'POST', body: JSON.stringify({ query: '', operationName: 'IntrospectionQuery' }) });
  expect(told).toEqual([]);
  await send('/graphql', { method: 'POST', body: JSON.stringify({ query: '{ a }' }) });
  expect(told).toEqual([200]);

  const proxy = createGraph({ tokens, fetch: async () => new Response('<h1>Bad gateway</h1>', { status: 502 }) });
  await expect(createPageFetch({ ...deps, graph: proxy })('/graphql', {})).rejects.toThrow(
    'The server answers 502, and not with GraphQL.',
  );
});
