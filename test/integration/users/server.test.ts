import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createInternalTokenSigner, createLogger, systemClock } from '@tributary/kit';
import type { InternalTokenSigner, Principal, SubgraphServer } from '@tributary/kit';
import { startUsersServer } from '@tributary/users';

import { insertFixture, organizations, people } from '../../kit/fixture.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { person, service } from './users-world.ts';

const gateway: Principal = { ...service(), type: 'service', service: 'gateway' };

let database: TestDatabase;
let server: SubgraphServer;
let signer: InternalTokenSigner;

beforeAll(async () => {
  database = await startTestPostgres();
  await insertFixture(database.client);
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x } = await exportJWK(publicKey);
  signer = await createInternalTokenSigner(await exportJWK(privateKey), systemClock);
  server = await startUsersServer(
    {
      host: '127.0.0.1',
      port: 0,
      databaseUrl: database.urls.users,
      eventsUrl: database.urls.events,
      cursorKey: new Uint8Array(32),
      internalTokenKey: { kty: 'OKP', crv: 'Ed25519', x: x! },
      logLevel: 'silent',
    },
    { logger: createLogger({ level: 'silent', name: 'test' }), clock: systemClock },
  );
});
afterAll(async () => {
  await server.stop();
  await database[Symbol.asyncDispose]();
});

async function post(path: string, principal: Principal | null, body: unknown) {
  const token = await signer.sign(principal, 'users');
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

test('the gateway looks up the principal behind a token', async () => {
  const lookup = { issuer: 'https://issuer.test.invalid', subject: 'viewer' };
  expect(await post('/internal/principals', gateway, lookup)).toEqual({
    status: 200,
    body: {
      principal: {
        type: 'user',
        userId: people.viewer,
        status: 'ACTIVE',
        roles: ['CUSTOMER'],
        memberships: [{ organizationId: organizations.buying, role: 'VIEWER' }],
      },
    },
  });
});

test('a name that nobody has is an answer, not an error', async () => {
  expect(await post('/internal/principals', gateway, { clientId: 'nobody' })).toEqual({
    status: 200,
    body: { principal: null },
  });
});

test.each([
  ['an anonymous caller', null],
  ['a person, even an administrator', person('admin')],
  ['another service', service()],
])('a token that the gateway made for %s opens no lookup', async (_name, principal) => {
  const { status, body } = await post('/internal/principals', principal, { clientId: 'partner' });
  expect(status).toBe(403);
  expect(body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
});

test('a lookup that names nobody is refused', async () => {
  const { status, body } = await post('/internal/principals', gateway, { subject: 'viewer' });
  expect(status).toBe(400);
  expect(body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
});

test('the graph is open to the people whom the gateway speaks for', async () => {
  expect(await post('/graphql', person('viewer'), { query: '{ me { displayName } }' })).toEqual({
    status: 200,
    body: { data: { me: { displayName: 'The viewer' } } },
  });
});
