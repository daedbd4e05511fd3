import { describe, expect, test } from 'vitest';

import { startIssuer } from '../issuer.ts';
import type { Issuer } from '../issuer.ts';
import { startLibrary } from '../library-gateway.ts';
import { sendJson } from '../peer.ts';
import type { Peer } from '../peer.ts';
import { jane } from './directory.ts';

describe('keys of an issuer', () => {
  test('are found by OpenID Connect discovery', async () => {
    await using provider = await startIssuer('ES256');
    await using other = await startLibrary({
      config: { issuers: [{ issuer: provider.issuer, audience: 'library' }] },
      findPrincipal: async () => jane,
    });
    const headers = { authorization: `Bearer ${await provider.token()}` };
    expect((await other.query('{ whoami }', { headers })).status).toBe(200);
    expect(provider.peer.received.map(({ url }) => url)).toEqual(['/.well-known/openid-configuration', '/jwks.json']);
  });

  test('may be served by the gateway itself', async () => {
    await using provider = await startIssuer('EdDSA');
    await using own = await startLibrary({
      config: { issuers: [{ issuer: provider.issuer, audience: 'library', jwksUrl: '/own/jwks.json' }] },
      findPrincipal: async () => jane,
      deps: {
        routes: (app) => void app.get('/own/jwks.json', () => ({ keys: [{ ...provider.keys.publicKey, kid: 'k1' }] })),
      },
    });
    expect(
      (await own.query('{ whoami }', { headers: { authorization: `Bearer ${await provider.token()}` } })).status,
    ).toBe(200);
  });

  test('fifty unknown key ids make the keys be fetched once', async () => {
    await using provider = await startIssuer();
    await using other = await startLibrary({ config: { issuers: [provider] } });
    for (let kid = 0; kid < 50; kid += 1) {
      const authorization = `Bearer ${await provider.token({}, { kid: `made-up-${kid}` })}`;
      expect((await other.query('{ whoami }', { headers: { authorization } })).status).toBe(401);
    }
    expect(provider.peer.received).toHaveLength(1);
  });

  const faults: Readonly<Record<string, (provider: Issuer) => Peer['fault']>> = {
    gone: () => (request) => request.socket.destroy(),
    'an error': () => (_, response) => sendJson(response, {}, 500),
    garbage: () => (_, response) => sendJson(response, ['garbage']),
    'a redirect': (provider) => (request, response) => {
      if (request.url === '/elsewhere') sendJson(response, { keys: [{ ...provider.keys.publicKey, kid: 'k1' }] });
      else response.writeHead(302, { location: '/elsewhere' }).end();
    },
    'far too long': (provider) => (_, response) => {
      const keys = [{ ...provider.keys.publicKey, kid: 'k1' }];
      response.end(' '.repeat(600 * 1024) + JSON.stringify({ keys }));
    },
  };

  test.each(Object.keys(faults))(
    'that cannot be had (%s) leave the question open: 503, and no one is let in',
    async (name) => {
      await using provider = await startIssuer();
      await using other = await startLibrary({ config: { issuers: [provider] }, findPrincipal: async () => jane });
      const headers = { authorization: `Bearer ${await provider.token()}` };
      provider.peer.fault = faults[name]!(provider);
      const { status, body, headers: answered } = await other.query('{ whoami }', { headers });
      expect({ status, retryAfter: answered.get('retry-after'), body }).toEqual({
        status: 503,
        retryAfter: '1',
        body: {
          errors: [
            {
              message: 'This part cannot be reached at the moment. Try again later.',
              extensions: { code: 'UNAVAILABLE' },
            },
          ],
        },
      });
      provider.peer.fault = null;
      expect((await other.query('{ whoami }', { headers })).status).toBe(200);
    },
  );
});
