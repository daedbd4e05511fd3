import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';

import { createInternalTokens } from '@tributary/gateway/transport/internal-tokens';
import { SECOND } from '@tributary/kit/clock';
import { createInternalTokenSigner } from '@tributary/kit/internal-token';
import type { Principal } from '@tributary/kit/principal';

import { internalKeys } from '../../../integration/gateway/keys.ts';

const jane: Principal = {
  type: 'user',
  userId: 'u1',
  roles: ['CUSTOMER'],
  scopes: ['orders:read'],
  memberships: [],
  authTime: null,
  amr: [],
};

async function start() {
  let now = 1_700_000_000 * SECOND;
  const clock = { now: () => new Date(now) };
  const signer = await createInternalTokenSigner((await internalKeys).privateKey, clock);
  const tokens = createInternalTokens({ signer, subgraph: 'orders', clock });
  const call = (principal: Principal | null) => ({ principal, requestId: 'r', deadline: now + 10 * SECOND });
  return {
    query: (principal: Principal | null) => tokens.tokenFor(call(principal), 'query'),
    mutation: (principal: Principal | null) => tokens.tokenFor(call(principal), 'mutation'),
    pass: (ms: number) => void (now += ms),
    now: () => now,
  };
}

test('a token names the subgraph it is for and who calls', async () => {
  const { query } = await start();
  expect(decodeJwt(await query(jane))).toMatchObject({ aud: 'orders', principal: jane });
  expect(decodeJwt(await query(null))).toMatchObject({ principal: null });
});

test('queries share a token as long as it outlives the call', async () => {
  const { query, pass, now } = await start();
  const first = await query(jane);
  pass(44 * SECOND);
  expect(await query(jane)).toBe(first);
  pass(2 * SECOND);
  const next = await query(jane);
  expect(next).not.toBe(first);
  expect(decodeJwt(next).exp! * SECOND - now()).toBe(60 * SECOND);
});

test('a principal that has changed in anything has another token', async () => {
  const { query } = await start();
  const tokens = [jane, { ...jane, scopes: [] }, { ...jane, roles: [] }, { ...jane, amr: ['mfa'] }, null].map(query);
  expect(new Set(await Promise.all(tokens)).size).toBe(5);
});

test('each mutation has a token of its own', async () => {
  const { query, mutation } = await start();
  const tokens = await Promise.all([query(jane), mutation(jane), mutation(jane)]);
  expect(new Set(tokens.map((token) => decodeJwt(token).jti)).size).toBe(3);
});
