import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';

import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';

import { createInProcessTransport, PortInUse, SupergraphError } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';
import type { PrincipalRecord } from '@tributary/kit/principal-record';

import { startIssuer } from './issuer.ts';
import { composeLibrary, createLibrarySubgraph, sdls } from './library.ts';
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

describe('health', () => {
  const readiness = async (url: string) => {
    const response = await fetch(`${url}/readyz`);
    return [response.status, await response.json()];
  };

  test('is ready when every subgraph is', async () => {
    await using library = await startLibrary({ transport: 'http' });
    expect(await readiness(library.url)).toEqual([200, { status: 'ready' }]);
    expect(await (await fetch(`${library.url}/livez`)).json()).toEqual({ status: 'alive' });
  });

  test('is alive but not ready when a subgraph is not, and names none', async () => {
    await using library = await startLibrary({ transport: 'http' });
    library.peers.reviews.fault = (_, response) => response.writeHead(503).end();
    expect(await readiness(library.url)).toEqual([503, { status: 'not ready' }]);
    expect((await fetch(`${library.url}/livez`)).status).toBe(200);
  });

  test('asks the subgraphs once for many questions', async () => {
    await using library = await startLibrary({ transport: 'http' });
    await Promise.all(Array.from({ length: 20 }, () => readiness(library.url)));
    expect(library.peers.books.received).toHaveLength(1);
  });
});

describe('stopping', () => {
  const slowBook = (ms: number) => ({
    books: {
      Query: { book: () => new Promise((resolve) => setTimeout(() => resolve({ id: '1', title: 'Emma' }), ms)) },
    },
  });

  test('answers what is in flight, takes nothing new, and may be asked for twice', async () => {
    await using library = await startLibrary({ resolvers: slowBook(300) });
    const inFlight = library.query('{ book(id: "1") { title } }');
    await expect.poll(() => library.fetches).toHaveLength(1);
    const stopped = Promise.all([library.stop(), library.stop()]);
    const { body, headers } = await inFlight;
    expect(body).toEqual({ data: { book: { title: 'Emma' } } });
    expect(headers.get('connection')).toBe('close');
    await stopped;
    await expect(fetch(`${library.url}/livez`)).rejects.toThrow('fetch failed');
  });

  test('answers a request that was still being sent when it began', async () => {
    await using library = await startLibrary();
    const { hostname, port } = new URL(library.url);
    const body = '{"query":"{ book(id: \\"1\\") { title } }"}';
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = library.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.write(`\r\n${body}`);
    await Promise.all([stopped, once(socket, 'close')]);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK.*connection: close.*"Emma"/is);
  });

  test('says that it drains before it refuses connections', async () => {
    await using library = await startLibrary({ config: { drainDelayMs: 500 } });
    const stopped = library.stop();
    const response = await fetch(`${library.url}/readyz`);
    expect([response.status, await response.json(), response.headers.get('connection')]).toEqual([
      503,
      { status: 'draining' },
      'close',
    ]);
    expect((await library.query('{ book(id: "1") { title } }')).body.data).toEqual({ book: { title: 'Emma' } });
    await stopped;
  });

  test('does not wait for ever for an answer that never comes', async () => {
    await using library = await startLibrary({ resolvers: slowBook(60_000), config: { drainTimeoutMs: 200 } });
    const inFlight = library.query('{ book(id: "1") { title } }').catch((error: unknown) => error);
    await expect.poll(() => library.fetches).toHaveLength(1);
    const startedAt = Date.now();
    await library.stop();
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(await inFlight).toBeInstanceOf(TypeError);
  });
});

describe('starting', () => {
  const transports = ['books', 'reviews'].map((name) =>
    createInProcessTransport(createLibrarySubgraph(name as 'books'), { clock: systemClock }),
  );

  test('on a port in use says which', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const failure = await startLibrary({ config: { port } }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PortInUse);
    expect(failure).toMatchObject({ message: `Port ${port} of 127.0.0.1 is in use by another process.`, port });
    await new Promise((resolve) => other.close(resolve));
  });

  test('without a transport for a subgraph names the subgraph', async () => {
    const start = startLibrary({ deps: { transports: transports.slice(0, 1) } });
    await expect(start).rejects.toThrow(
      new SupergraphError('The supergraph has subgraphs that no transport leads to: reviews.'),
    );
  });

  test('with a feature that nobody honors names the feature', async () => {
    const supergraphSdl = composeLibrary({
      books: sdls.books
        .replace('"@key"', '"@key", "@policy"')
        .replace('draft: String', 'draft: String @policy(policies: [["p"]])'),
    });
    await expect(startLibrary({ deps: { supergraphSdl } })).rejects.toThrow(
      'The supergraph uses a feature that this gateway does not honor: https://specs.apollo.dev/policy/v0.1 (for SECURITY).',
    );
  });
});
