import { describe, expect, test } from 'vitest';

import { createHttpFindPrincipal } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';
import { createInternalTokenSigner, createInternalTokenVerifier } from '@tributary/kit/internal-token';

import { internalKeys } from './keys.ts';
import { sendJson, startPeer } from './peer.ts';

const record = { type: 'user', userId: 'u1', status: 'ACTIVE', roles: ['CUSTOMER'], memberships: [] };

async function lookUp(listener: Parameters<typeof startPeer>[0]) {
  await using peer = await startPeer(listener);
  const signer = await createInternalTokenSigner((await internalKeys).privateKey, systemClock);
  const directory = createHttpFindPrincipal({ url: peer.url, signer });
  try {
    return {
      found: await directory.findPrincipal({ issuer: 'https://id.example', subject: 'jane' }),
      received: peer.received,
    };
  } finally {
    await directory.stop();
  }
}

test('the users subgraph is asked by the gateway in its own name', async () => {
  const { found, received } = await lookUp((_, response) => sendJson(response, { principal: record }));
  expect(found).toEqual(record);
  const [{ method, url, body, headers }] = received as [(typeof received)[number]];
  expect({ method, url, body }).toEqual({
    method: 'POST',
    url: '/internal/principals',
    body: '{"issuer":"https://id.example","subject":"jane"}',
  });
  const verifier = await createInternalTokenVerifier((await internalKeys).publicKey, 'users', systemClock);
  const { principal } = await verifier.verify(headers.authorization!.replace('Bearer ', ''));
  expect(principal).toMatchObject({ type: 'service', service: 'gateway' });
});

test('nobody of that name is null', async () => {
  expect((await lookUp((_, response) => sendJson(response, { principal: null }))).found).toBeNull();
});

describe('an answer that cannot be relied on is a failure, never "nobody":', () => {
  test.each([
    ['an error', 500, { principal: record }],
    ['a refusal', 403, {}],
    ['nothing', 200, {}],
    ['a role that does not exist', 200, { principal: { ...record, roles: ['ROOT'] } }],
    ['a record without an id', 200, { principal: { ...record, userId: undefined } }],
    ['another kind of subject', 200, { principal: { ...record, type: 'robot' } }],
  ])('%s', async (_title, status, body) => {
    await expect(lookUp((_, response) => sendJson(response, body, status))).rejects.toThrow(
      /^The lookup of a principal/,
    );
  });
});
