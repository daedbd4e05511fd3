import { connect } from 'node:net';

import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';

import type { PrincipalRecord } from '@tributary/kit/principal-record';

import { startIssuer } from './issuer.ts';
import { startLibrary } from './library-gateway.ts';

describe('request ids', () => {
  test('are taken over when they are well-formed, and answered', async () => {
    await using library = await startLibrary();
    const { headers } = await library.query('{ books { id } }', { headers: { 'x-request-id': 'shop-17.a_b' } });
    expect(headers.get('x-request-id')).toBe('shop-17.a_b');
    expect(library.fetches[0]?.requestId).toBe('shop-17.a_b');
  });

  test.each(['a b', 'x'.repeat(129), '<script>', '"'])('are made anew in place of %s', async (brought) => {
    await using library = await startLibrary();
    const { headers } = await library.query('{ books { id } }', { headers: { 'x-request-id': brought } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('what an error shows', () => {
  const fail = () => {
    throw new GraphQLError('Hidden.', { extensions: { code: 'FORBIDDEN' } });
  };
  const resolvers = { reviews: { Query: { newest: fail } } };
  const query = '{ newest { text } }';
  const staff = (role: 'SUPPORT' | 'CUSTOMER'): PrincipalRecord => ({
    type: 'user',
    userId: '01920000-0000-7000-8000-000000000001',
    status: 'ACTIVE',
    roles: [role],
    memberships: [],
  });

  test.each([
    ['in development', false, undefined, 'reviews'],
    ['in production to an anonymous caller', true, undefined, undefined],
    ['in production to a customer', true, 'CUSTOMER', undefined],
    ['in production to staff', true, 'SUPPORT', 'reviews'],
  ] as const)('%s', async (_title, production, role, subgraph) => {
    await using issuer = await startIssuer('EdDSA');
    await using library = await startLibrary({
      resolvers,
      config: { production, issuers: [issuer] },
      findPrincipal: async () => staff(role ?? 'CUSTOMER'),
    });
    const headers: Record<string, string> = role ? { authorization: `Bearer ${await issuer.token()}` } : {};
    const { body } = await library.query(query, { headers });
    expect(body.errors).toEqual([
      { message: 'Hidden.', path: ['newest'], extensions: { code: 'FORBIDDEN', ...(subgraph && { subgraph }) } },
    ]);
  });

  test('production gives no hints about the schema', async () => {
    await using library = await startLibrary({ config: { production: true, introspection: false } });
    const { body } = await library.query('{ bock(id: "1") { id } }');
    expect(body.errors?.[0]?.message).toBe('Cannot query field "bock" on type "Query".');
    const introspection = await library.query('{ __schema { types { name } } }');
    expect([introspection.status, introspection.body.errors?.[0]?.extensions.code]).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect((await library.query('{ _service { sdl } }')).status).toBe(400);
    expect((await library.query('{ _entities(representations: []) { __typename } }')).status).toBe(400);
  });

  test('development answers introspection', async () => {
    await using library = await startLibrary();
    expect((await library.query('{ __schema { queryType { name } } }')).body.errors).toBeUndefined();
  });
});

describe('headers', () => {
  test('keep browsers from guessing and say nothing of the software', async () => {
    await using library = await startLibrary();
    for (const path of ['/graphql', '/livez', '/nothing-here']) {
      const { headers } = await fetch(`${library.url}${path}`);
      expect([headers.get('x-content-type-options'), headers.get('x-powered-by'), headers.get('server')]).toEqual([
        'nosniff',
        null,
        null,
      ]);
    }
    const { headers } = await library.query('{ books { id } }');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('let pages of the configured origins in, and no others', async () => {
    await using library = await startLibrary({ config: { corsOrigins: ['https://shop.example'] } });
    const allowed = async (origin: string, method: string) => {
      const response = await fetch(`${library.url}/graphql`, {
        method,
        headers: { origin, 'access-control-request-method': 'POST', 'content-type': 'application/json' },
        ...(method === 'POST' && { body: '{"query":"{ __typename }"}' }),
      });
      return [
        response.headers.get('access-control-allow-origin'),
        response.headers.get('access-control-allow-credentials'),
      ];
    };
    for (const method of ['OPTIONS', 'POST']) {
      expect(await allowed('https://shop.example', method)).toEqual(['https://shop.example', null]);
      expect(await allowed('https://evil.example', method)).toEqual([null, null]);
    }
  });

  test('let Sandbox in during development, and no page at all in production by default', async () => {
    await using development = await startLibrary();
    const sandbox = { headers: { origin: 'https://studio.apollographql.com' } };
    const { headers } = await development.query('{ __typename }', sandbox);
    expect(headers.get('access-control-allow-origin')).toBe('https://studio.apollographql.com');
    await using production = await startLibrary({ config: { production: true, corsOrigins: [] } });
    expect((await production.query('{ __typename }', sandbox)).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('that are too large are refused in JSON', async () => {
    await using library = await startLibrary();
    const response = await fetch(`${library.url}/graphql`, {
      headers: { authorization: `Bearer ${'x'.repeat(20_000)}` },
    });
    expect([response.status, await response.json()]).toEqual([
      431,
      { errors: [{ message: 'The headers of the request are too large.', extensions: { code: 'HEADERS_TOO_LARGE' } }] },
    ]);
  });
});

test('an unknown address is answered in JSON', async () => {
  await using library = await startLibrary();
  for (const path of ['/nothing-here', '/%']) {
    const response = await fetch(`${library.url}${path}`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({
      errors: [expect.objectContaining({ extensions: { code: expect.any(String) as string } })],
    });
  }
});

test('text that is no HTTP is answered in JSON', async () => {
  await using library = await startLibrary();
  const { hostname, port } = new URL(library.url);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write('HELLO\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\ncontent-type: application\/json.*BAD_REQUEST/s);
});

describe('the log', () => {
  test('has one line per operation, with neither variables nor anything personal', async () => {
    await using issuer = await startIssuer('EdDSA');
    await using library = await startLibrary({
      config: { issuers: [issuer] },
      findPrincipal: async () => ({
        type: 'client',
        clientId: '01920000-0000-7000-8000-000000000002',
        organizationId: '01920000-0000-7000-8000-0000000000bb',
        status: 'ACTIVE',
        scopes: [],
      }),
    });
    await library.query('query Find($id: ID!) { book(id: $id) { title } }', {
      variables: { id: 'jane@example.org' },
      headers: {
        authorization: `Bearer ${await issuer.token({ sub: 'robot', client_id: 'robot' })}`,
        'x-request-id': 'r-1',
      },
    });
    await library.query('{ bocks { id } }', { headers: { 'x-request-id': 'r-2' } });
    await expect.poll(() => library.logs.filter(({ msg }) => msg === 'request')).toHaveLength(2);
    const [first, second] = library.logs.filter(({ msg }) => msg === 'request');
    expect(first).toEqual({
      level: 30,
      time: expect.any(Number) as number,
      pid: expect.any(Number) as number,
      hostname: expect.any(String) as string,
      msg: 'request',
      requestId: 'r-1',
      operation: 'Find',
      type: 'query',
      cost: 1,
      status: 200,
      durationMs: expect.any(Number) as number,
      errors: [],
      principal: { type: 'client', id: '01920000-0000-7000-8000-000000000002' },
    });
    expect(second).toMatchObject({
      requestId: 'r-2',
      operation: null,
      cost: null,
      status: 400,
      errors: ['GRAPHQL_VALIDATION_FAILED'],
      principal: { type: 'anonymous' },
    });
    expect(JSON.stringify(library.logs)).not.toContain('jane@example');
  });
});
