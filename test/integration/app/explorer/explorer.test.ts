import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readAppConfig } from '@tributary/app/config';
import { createExplorer } from '@tributary/app/explorer/explorer-routes';
import { explorerOf } from '@tributary/app/explorer/index';
import { workloadDocument } from '@tributary/schema';

import { startLibrary } from '../../gateway/library-gateway.ts';
import type { LibraryGateway } from '../../gateway/library-gateway.ts';

const SANDBOX = 'https://studio.apollographql.com';
const SCRIPT = 'console.log("the page");';

/** A built page of three small files, next to a file that must stay where it is. */
async function makeBuiltPage(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-explorer-'));
  await mkdir(join(directory, 'dist', 'assets'), { recursive: true });
  await writeFile(join(directory, 'secret.txt'), 'a secret');
  await writeFile(join(directory, 'dist', 'index.html'), '<!doctype html><title>The page</title>');
  await writeFile(join(directory, 'dist', 'assets', 'index-abc.js'), SCRIPT);
  await writeFile(join(directory, 'dist', 'assets', 'index-abc.js.br'), 'compressed');
  await writeFile(join(directory, 'dist', 'assets', '.hidden'), 'hidden');
  return directory;
}

/** Like `fetch`, but sends path and headers as they stand: `fetch` takes ".." out of the one and adds cache controls to the other. */
function get(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
    })
      .on('error', reject)
      .end();
  });
}

const options = {
  endpoint: 'https://api.example.com/graphql',
  personas: true,
  introspection: true,
  sandbox: true,
  workload: 'query Example { books { title } }',
};

describe('the built page', () => {
  let directory: string;
  let gateway: LibraryGateway;
  beforeAll(async () => {
    directory = await makeBuiltPage();
    const routes = createExplorer({ ...options, directory: join(directory, 'dist') });
    gateway = await startLibrary({ deps: { routes } });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  test('is served at / and asked for again each time', async () => {
    const response = await fetch(`${gateway.url}/`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('The page');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const again = await get(gateway.url, '/', { 'if-none-match': response.headers.get('etag')! });
    expect(again.status).toBe(304);
  });

  test.each(['/', '/explorer/assets/index-abc.js', '/explorer/config.json', '/sandbox'])(
    '%s may run our own files, talk to our own origin, and stand in nobody’s frame',
    async (path) => {
      const { headers } = await fetch(gateway.url + path, { redirect: 'manual' });
      const policy = Object.fromEntries(
        headers
          .get('content-security-policy')!
          .split('; ')
          .map((directive) => directive.split(/ (.*)/).slice(0, 2) as [string, string]),
      );
      expect(policy).toEqual({
        'default-src': "'none'",
        'script-src': "'self'",
        'worker-src': "'self'",
        'connect-src': "'self'",
        'style-src': "'self' 'unsafe-inline'",
        'font-src': "'self' data:",
        'img-src': "'self' data:",
        'base-uri': "'none'",
        'form-action': "'none'",
        'frame-ancestors': "'none'",
      });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('has assets that never change, compressed for who can read that', async () => {
    const plain = await fetch(`${gateway.url}/explorer/assets/index-abc.js`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(await plain.text()).toBe(SCRIPT);
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    const compressed = await get(gateway.url, '/explorer/assets/index-abc.js', { 'accept-encoding': 'br' });
    expect(compressed).toEqual({ status: 200, body: 'compressed' });
  });

  test.each([
    '/explorer/assets/../index.html',
    '/explorer/assets/../../secret.txt',
    '/explorer/assets/..%2f..%2fsecret.txt',
    '/explorer/assets/%2e%2e/%2e%2e/secret.txt',
    '/explorer/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/explorer/assets/..%5c..%5csecret.txt',
    '/explorer/assets/%252e%252e%252f%252e%252e%252fsecret.txt',
    '/explorer/assets//etc/passwd',
    '/explorer/assets/%2fetc%2fpasswd',
    '/explorer/assets/index-abc.js%00.txt',
    '/explorer/assets/.hidden',
    '/explorer/assets/',
    '/explorer/assets',
    '/explorer/',
  ])('gives nothing away at %s', async (path) => {
    const { status, body } = await get(gateway.url, path);
    expect([400, 403, 404]).toContain(status);
    expect(body).not.toMatch(/secret|hidden|root:|The page/);
    const { errors } = JSON.parse(body) as { errors: { extensions: { code: string } }[] };
    expect(errors[0]!.extensions.code).toMatch(/^(ROUTE_NOT_FOUND|BAD_REQUEST)$/);
  });

  test('is told what there is to offer', async () => {
    const response = await fetch(`${gateway.url}/explorer/config.json`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { personas, introspection, sandbox, workload } = options;
    expect(await response.json()).toEqual({ personas, introspection, sandbox, workload });
  });

  test('leaves the other addresses as they are', async () => {
    expect((await gateway.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
    const { headers, status } = await fetch(`${gateway.url}/elsewhere`);
    expect(status).toBe(404);
    expect(headers.get('content-security-policy')).toBeNull();
  });
});

test('without its assets / says how to build them, and serves them as soon as they are there', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-explorer-'));
  const dist = join(directory, 'dist');
  await using gateway = await startLibrary({ deps: { routes: createExplorer({ ...options, directory: dist }) } });

  const without = await fetch(`${gateway.url}/`);
  expect(without.status).toBe(503);
  expect(without.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(without.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await without.text()).toContain('<code>npm run prepare</code>');

  await mkdir(join(dist, 'assets'), { recursive: true });
  await writeFile(join(dist, 'index.html'), 'The page');
  await writeFile(join(dist, 'assets', 'index-abc.js'), SCRIPT);
  expect(await (await fetch(`${gateway.url}/`)).text()).toBe('The page');
  expect(await (await fetch(`${gateway.url}/explorer/assets/index-abc.js`)).text()).toBe(SCRIPT);
  await rm(directory, { recursive: true });
});

describe('the settings', () => {
  const production = {
    NODE_ENV: 'production',
    OIDC_ISSUER: 'https://id.example.com',
    PUBLIC_BASE_URL: 'https://api.example.com/',
    CURSOR_KEY: Buffer.alloc(32, 7).toString('base64url'),
    LINK_KEY: Buffer.alloc(32, 7).toString('base64url'),
    FIELD_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64url')}`,
  };
  const start = (environment: Record<string, string>) => {
    const config = readAppConfig(environment);
    const { corsOrigins } = config.gateway;
    return startLibrary({ config: { corsOrigins }, deps: { routes: explorerOf(config, 'http://127.0.0.1:4000') } });
  };
  const configOf = async ({ url }: LibraryGateway) => (await fetch(`${url}/explorer/config.json`)).json();

  test('offer personas, schema, Sandbox and the workload in development', async () => {
    await using gateway = await start({});
    const workload = workloadDocument();
    expect(await configOf(gateway)).toEqual({ personas: true, introspection: true, sandbox: true, workload });
  });

  test('offer nothing at all in production', async () => {
    await using gateway = await start(production);
    for (const path of ['/', '/sandbox', '/explorer/config.json', '/explorer/assets/index-abc.js'])
      expect((await fetch(gateway.url + path, { redirect: 'manual' })).status).toBe(404);
  });

  test('offer a page without personas and schema in production when the explorer is asked for', async () => {
    await using gateway = await start({ ...production, EXPLORER: 'true' });
    expect(await configOf(gateway)).toMatchObject({ personas: false, introspection: false, sandbox: false });
  });

  test('switch the explorer off in development too', async () => {
    await using gateway = await start({ EXPLORER: 'false' });
    expect((await fetch(`${gateway.url}/`)).status).toBe(404);
  });

  test('let /sandbox say what is missing where Sandbox may not call', async () => {
    await using gateway = await start({ CORS_ORIGINS: 'https://shop.example.com' });
    const response = await fetch(`${gateway.url}/sandbox`, { redirect: 'manual' });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(`CORS_ORIGINS=${SANDBOX}`);
  });

  test('send /sandbox to Apollo Sandbox on the address that clients use', async () => {
    await using development = await start({});
    const response = await fetch(`${development.url}/sandbox`, { redirect: 'manual' });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(
      `${SANDBOX}/sandbox/explorer?endpoint=http%3A%2F%2F127.0.0.1%3A4000%2Fgraphql`,
    );
    await using public_ = await start({ ...production, EXPLORER: 'true', CORS_ORIGINS: SANDBOX });
    const location = (await fetch(`${public_.url}/sandbox`, { redirect: 'manual' })).headers.get('location');
    expect(location).toBe(`${SANDBOX}/sandbox/explorer?endpoint=https%3A%2F%2Fapi.example.com%2Fgraphql`);
  });
});

describe('Apollo Sandbox', () => {
  let gateway: LibraryGateway;
  beforeAll(async () => {
    gateway = await startLibrary({ config: { corsOrigins: readAppConfig({}).gateway.corsOrigins } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const preflight = (origin: string, headers: string) =>
    fetch(`${gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': headers },
    });

  test('may send operations with a token and the CSRF header, and read the answers', async () => {
    const asked = 'apollo-require-preflight,authorization,content-type';
    const { status, headers } = await preflight(SANDBOX, asked);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(SANDBOX);
    expect(headers.get('access-control-allow-headers')).toBe(asked);
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-allow-credentials')).toBeNull();

    const answer = await gateway.query('{ __typename }', {
      headers: { origin: SANDBOX, 'apollo-require-preflight': 'true' },
    });
    expect(answer.body).toEqual({ data: { __typename: 'Query' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(SANDBOX);
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  test('is the only other origin', async () => {
    for (const origin of ['https://studio.apollographql.com.evil.example', 'http://studio.apollographql.com', 'null'])
      expect((await preflight(origin, 'content-type')).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('passes the CSRF check with its header where the content type alone would not', async () => {
    const query = `${gateway.url}/graphql?query=${encodeURIComponent('{ __typename }')}`;
    expect((await fetch(query)).status).toBe(400);
    expect(await (await fetch(query, { headers: { 'apollo-require-preflight': 'true' } })).json()).toEqual({
      data: { __typename: 'Query' },
    });
  });
});
