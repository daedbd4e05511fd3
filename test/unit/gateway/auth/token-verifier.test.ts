import { expect, test } from 'vitest';

import { TokenRefused } from '@tributary/gateway/auth/token-errors';
import { createTokenVerifier } from '@tributary/gateway/auth/token-verifier';
import { SECOND } from '@tributary/kit/clock';

import { startIssuer } from '../../../integration/gateway/issuer.ts';

const base = 1_700_000_000;

test.each([
  ['exp', 4, true],
  ['exp', 5, false],
  ['nbf', -5, true],
  ['nbf', -6, false],
  ['iat', -5, true],
  ['iat', -6, false],
])(
  'a clock that is off by a few seconds is forgiven, and no more: %s at %i seconds, %s',
  async (claim, seconds, accepted) => {
    await using issuer = await startIssuer('ES256');
    const verifier = createTokenVerifier({
      issuers: [issuer],
      clock: { now: () => new Date((base + seconds) * SECOND) },
      ownUrl: () => '',
    });
    const token = await issuer.token({ iat: base - 60, exp: base + 600, [claim]: base });
    if (accepted) await expect(verifier.verify(token)).resolves.toMatchObject({ scopes: null });
    else await expect(verifier.verify(token)).rejects.toThrow(TokenRefused);
  },
);

test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('%s is an accepted algorithm', async (algorithm) => {
  await using issuer = await startIssuer(algorithm);
  const verifier = createTokenVerifier({ issuers: [issuer], clock: { now: () => new Date() }, ownUrl: () => '' });
  const exp = Math.floor(Date.now() / 1_000) + 60;
  await expect(verifier.verify(await issuer.token({ exp }))).resolves.toEqual({
    subject: { issuer: issuer.issuer, subject: 'jane' },
    scopes: null,
    authTime: null,
    amr: [],
    expiresAt: exp * 1_000,
  });
});

test('a token is checked with the keys of its own issuer, never with those of another', async () => {
  await using one = await startIssuer('ES256');
  await using two = await startIssuer('ES256');
  const verifier = createTokenVerifier({ issuers: [one, two], clock: { now: () => new Date() }, ownUrl: () => '' });
  await expect(verifier.verify(await two.token())).resolves.toMatchObject({ subject: { issuer: two.issuer } });
  await expect(verifier.verify(await one.token({}, {}, two.keys))).rejects.toThrow(TokenRefused);
  await expect(verifier.verify(await two.token({ iss: one.issuer }))).rejects.toThrow(TokenRefused);
});
