import { createHmac } from 'node:crypto';
import { connect } from 'node:net';

import { exportSPKI, importJWK } from 'jose';
import type { CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SECOND } from '@tributary/kit/clock';

import type { Issuer } from '../issuer.ts';
import { makeKeys } from '../keys.ts';
import { startLibrary } from '../library-gateway.ts';
import type { LibraryGateway } from '../library-gateway.ts';
import { startAuthenticatedLibrary } from './directory.ts';
import type { AuthenticatedLibrary } from './directory.ts';

let world: AuthenticatedLibrary;
let issuer: Issuer;
let library: LibraryGateway;
let ask: AuthenticatedLibrary['ask'];
beforeAll(async () => {
  world = await startAuthenticatedLibrary();
  ({ issuer, library, ask } = world);
});
afterAll(() => world[Symbol.asyncDispose]());

describe('refused with 401 and the same body', () => {
  const now = Math.floor(Date.now() / SECOND);
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const good = () => issuer.token();
  const bad: Readonly<Record<string, () => Promise<string> | string>> = {
    'another scheme': () => 'Basic amFuZTpzZWNyZXQ=',
    'no token': () => 'Bearer ',
    'text that is no JWT': () => 'Bearer secret',
    'two tokens in one header': async () => `Bearer ${await good()}, Bearer ${await good()}`,
    'a token of 8 KiB': async () => `Bearer ${await issuer.token({ padding: 'x'.repeat(8_192) })}`,
    'algorithm none': () => unsigned('none'),
    'algorithm None': () => unsigned('None'),
    'a shared secret made of the public key': async () => {
      const pem = await exportSPKI((await importJWK(issuer.keys.publicKey, 'RS256')) as CryptoKey);
      const content = `${base64({ alg: 'HS256', kid: 'k1' })}.${base64(claims())}`;
      return `Bearer ${content}.${createHmac('sha256', pem).update(content).digest('base64url')}`;
    },
    'an algorithm that is not pinned': async () => `Bearer ${await issuer.token({}, { alg: 'RS384' })}`,
    'another key under a known key id': async () => `Bearer ${await issuer.token({}, {}, await makeKeys('RS256'))}`,
    'an unknown key id': async () => `Bearer ${await issuer.token({}, { kid: 'k2' })}`,
    'a key id that is a path': async () => `Bearer ${await issuer.token({}, { kid: '../../../dev/null' })}`,
    'its own key in the header': async () => {
      const keys = await makeKeys('RS256');
      return `Bearer ${await issuer.token({}, { jwk: keys.publicKey, kid: 'mine' }, keys)}`;
    },
    'the address of its own keys in the header': async () =>
      `Bearer ${await issuer.token({}, { jku: `${issuer.peer.url}/evil`, kid: 'mine' }, await makeKeys('RS256'))}`,
    'an unknown critical extension': async () =>
      `Bearer ${(await good()).replace(/^[^.]+/, base64({ alg: 'RS256', kid: 'k1', crit: ['exp'] }))}`,
    'a cut payload': async () =>
      `Bearer ${(await good()).replace(/\.([^.]+)\./, (_, payload: string) => `.${payload.slice(0, -4)}.`)}`,
    'a changed payload': async () =>
      `Bearer ${(await good()).replace(/\.[^.]+\./, `.${base64({ ...claims(), sub: 'admin' })}.`)}`,
    'a cut signature': async () => `Bearer ${(await good()).slice(0, -8)}`,
    'no signature': async () => `Bearer ${(await good()).replace(/[^.]+$/, '')}`,
    'another audience': async () => `Bearer ${await issuer.token({ aud: 'someone-else' })}`,
    'no audience': async () => `Bearer ${await issuer.token({ aud: undefined as never })}`,
    'another issuer': async () => `Bearer ${await issuer.token({ iss: 'https://evil.example' })}`,
    'an issuer with a slash': async () => `Bearer ${await issuer.token({ iss: `${issuer.issuer}/` })}`,
    'no issuer': async () => `Bearer ${await issuer.token({ iss: undefined as never })}`,
    'no expiry': async () => `Bearer ${await issuer.token({ exp: undefined as never })}`,
    'an expiry that is text': async () => `Bearer ${await issuer.token({ exp: String(now + 300) as never })}`,
    'an expiry in the far future': async () => `Bearer ${await issuer.token({ exp: 1e20 })}`,
    'an expiry in the past': async () => `Bearer ${await issuer.token({ exp: now - 7 })}`,
    'a start in the future': async () => `Bearer ${await issuer.token({ nbf: now + 60 })}`,
    'an issue time in the future': async () => `Bearer ${await issuer.token({ iat: now + 60 })}`,
    'no subject': async () => `Bearer ${await issuer.token({ sub: undefined as never })}`,
    'an empty subject': async () => `Bearer ${await issuer.token({ sub: '' })}`,
    'a subject that is no text': async () => `Bearer ${await issuer.token({ sub: 7 as never })}`,
    'scopes that are no text': async () => `Bearer ${await issuer.token({ scope: ['orders:read'] })}`,
    'the type of an ID token': async () => `Bearer ${await issuer.token({}, { typ: 'id+jwt' })}`,
    'the type of an internal token': async () => `Bearer ${await issuer.token({}, { typ: 'internal+jwt' })}`,
    'the nonce of an ID token': async () => `Bearer ${await issuer.token({ nonce: 'n' })}`,
    'the access token hash of an ID token': async () => `Bearer ${await issuer.token({ at_hash: 'h' })}`,
    'the Keycloak mark of an ID token': async () => `Bearer ${await issuer.token({ typ: 'ID' })}`,
    'the Cognito mark of an ID token': async () => `Bearer ${await issuer.token({ token_use: 'id' })}`,
    'an unknown subject': async () => `Bearer ${await issuer.token({ sub: 'nobody' })}`,
    'an invited person': async () => `Bearer ${await issuer.token({ sub: 'invited' })}`,
    'a suspended person': async () => `Bearer ${await issuer.token({ sub: 'suspended' })}`,
    'an erased person': async () => `Bearer ${await issuer.token({ sub: 'erased' })}`,
    'an unknown client': async () => `Bearer ${await issuer.token({ sub: 'jane', client_id: 'jane' })}`,
    'a revoked client': async () => `Bearer ${await issuer.token({ sub: 'revoked', client_id: 'revoked' })}`,
  };
  const claims = () => ({ iss: issuer.issuer, aud: 'library', sub: 'jane', exp: now + 300 });
  const unsigned = (alg: string) => `Bearer ${base64({ alg })}.${base64(claims())}.`;

  test.each(Object.keys(bad))('%s', async (name) => {
    const before = library.fetches.length;
    const { status, headers, body } = await ask(await bad[name]!());
    expect({ status, challenge: headers.get('www-authenticate'), body }).toEqual({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
      body: { errors: [{ message: 'The access token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    expect(library.fetches).toHaveLength(before);
  });

  test('two Authorization headers', async () => {
    const answer = await sendRaw(library.url, [
      `authorization: Bearer ${await good()}`,
      `authorization: Bearer ${await good()}`,
    ]);
    expect(answer).toMatch(/^HTTP\/1.1 401 .*"The access token is not valid\.".*UNAUTHENTICATED/s);
  });

  test('a token in the URL', async () => {
    const url = `${library.url}/graphql?query=%7Bwhoami%7D&access_token=${await good()}`;
    const response = await fetch(url, { headers: { 'apollo-require-preflight': 'true' } });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      errors: [{ message: 'The access token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('also a token of an issuer when none is configured', async () => {
    await using closed = await startLibrary();
    expect((await closed.query('{ whoami }', { headers: { authorization: `Bearer ${await good()}` } })).status).toBe(
      401,
    );
  });

  test('neither the token nor its claims are logged', async () => {
    const token = await issuer.token({ sub: 'nobody', email: 'jane@example.org' });
    await ask(`Bearer ${token}`);
    const logs = JSON.stringify(library.logs);
    expect(logs).toContain('The subject is unknown.');
    expect(logs).not.toMatch(/jane@example|eyJ/);
  });
});

/** A request as raw bytes: fetch would join the headers. */
function sendRaw(url: string, headers: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ query: '{ whoami }' });
  const head = ['POST /graphql HTTP/1.1', `host: ${hostname}`, 'content-type: application/json', 'connection: close'];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    socket.write([...head, `content-length: ${body.length}`, ...headers, '', body].join('\r\n'));
  });
}
