import { expect, test } from 'vitest';

import { asPersona, NOBODY, OWN_TOKEN } from '../../../../app/explorer/src/caller/caller.ts';
import { createTokens } from '../../../../app/explorer/src/caller/tokens.ts';

const HOUR_MS = 3_600_000;

function createWorld() {
  const world = { now: 1_000_000, signedIn: [] as string[], broken: false };
  const tokens = createTokens({
    now: () => world.now,
    async signIn(persona) {
      world.signedIn.push(persona);
      if (world.broken) throw new Error('The server does not answer.');
      return { access_token: `${persona} ${world.signedIn.length}`, expires_in: HOUR_MS / 1000 };
    },
  });
  return { world, tokens };
}

test('nobody has no token, and a persona signs in once', async () => {
  const { world, tokens } = createWorld();
  expect(await tokens.get(NOBODY)).toBeNull();
  expect(await tokens.get(asPersona('customer'))).toBe('customer 1');
  expect(await tokens.get(asPersona('customer'))).toBe('customer 1');
  expect(await tokens.get(asPersona('support'))).toBe('support 2');
  expect(world.signedIn).toEqual(['customer', 'support']);
});

test('requests at the same time share one sign-in', async () => {
  const { world, tokens } = createWorld();
  await Promise.all([tokens.get(asPersona('customer')), tokens.get(asPersona('customer'))]);
  expect(world.signedIn).toEqual(['customer']);
});

test('a token that is about to end is replaced', async () => {
  const { world, tokens } = createWorld();
  await tokens.get(asPersona('customer'));
  world.now += HOUR_MS - 29_000;
  expect(await tokens.get(asPersona('customer'))).toBe('customer 2');
});

test('a refused token is replaced for a persona, and kept for who brought it', async () => {
  const { tokens } = createWorld();
  await tokens.get(asPersona('customer'));
  expect(tokens.discard(asPersona('customer'))).toBe(true);
  expect(await tokens.get(asPersona('customer'))).toBe('customer 2');
  tokens.setOwn('mine');
  expect(tokens.discard(OWN_TOKEN)).toBe(false);
  expect(tokens.discard(NOBODY)).toBe(false);
  expect(await tokens.get(OWN_TOKEN)).toBe('mine');
});

test('a sign-in that failed is tried again', async () => {
  const { world, tokens } = createWorld();
  world.broken = true;
  await expect(tokens.get(asPersona('customer'))).rejects.toThrow('does not answer');
  world.broken = false;
  expect(await tokens.get(asPersona('customer'))).toBe('customer 2');
});

test.each([
  ['  abc.def  ', 'abc.def'],
  ['Bearer abc.def', 'abc.def'],
  ['   ', null],
])('an own token is taken as it was copied: "%s"', async (pasted, token) => {
  const { tokens } = createWorld();
  tokens.setOwn(pasted);
  expect(await tokens.get(OWN_TOKEN)).toBe(token);
});
