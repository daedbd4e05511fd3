import { randomUUID } from 'node:crypto';

import type { FastifyInstance } from 'fastify';
import { calculateJwkThumbprint, importJWK, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';

import type { Clock } from '@tributary/kit/clock';
import { HOUR, SECOND } from '@tributary/kit/clock';
import { invariant } from '@tributary/kit/invariant';

import { DEVELOPMENT_ISSUER, personas } from '../seed/personas.ts';
import type { PersonaName } from '../seed/personas.ts';
import { descriptions } from './persona-descriptions.ts';

// Signs in as one of the seeded personas, without a password. Its tokens are verified exactly as any other issuer's: the gateway
// fetches the keys from here. It exists in development only.

const ALGORITHM = 'EdDSA';
const LIFETIME_MS = 1 * HOUR;
const NAMES = Object.keys(personas) as PersonaName[];

export interface DevelopmentIssuerOptions {
  /** Ed25519 private key. */
  key: JWK;
  audience: string;
  clock: Clock;
}

/** Routes of the development issuer, to be mounted in a scope of their own. */
export async function createDevelopmentIssuer(
  options: DevelopmentIssuerOptions,
): Promise<(app: FastifyInstance) => void> {
  const { key, audience, clock } = options;
  const { kty, crv, x } = key;
  invariant(kty === 'OKP' && crv === 'Ed25519' && x, 'The development issuer needs an Ed25519 key.');
  const kid = await calculateJwkThumbprint({ kty, crv, x });
  const signingKey = (await importJWK(key, ALGORITHM)) as CryptoKey;
  const keySet = { keys: [{ kty, crv, x, kid, use: 'sig', alg: ALGORITHM }] };

  function sign(name: PersonaName): Promise<string> {
    const now = Math.floor(clock.now().getTime() / SECOND);
    return new SignJWT(claimsOf(name, now))
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'at+jwt' })
      .setIssuer(DEVELOPMENT_ISSUER)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_MS / SECOND)
      .setJti(randomUUID())
      .sign(signingKey);
  }

  return (app) => {
    app.setErrorHandler((error, _request, reply) => {
      const status = statusOf(error);
      if (status >= 500) throw error; // a bug: the server's own handler answers and logs
      return reply.code(status).send(refusal('The body must be JSON: {"persona": "customer"}.'));
    });
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    app.get('/dev/jwks.json', () => keySet);
    app.get('/dev/personas', () => ({ personas: NAMES.map(describe) }));
    app.post('/dev/token', async ({ body }, reply) => {
      const name = isObject(body) ? body.persona : undefined;
      if (name === undefined) return reply.code(400).send(refusal('The body must name a persona.'));
      if (!isPersona(name)) return reply.code(400).send(refusal('There is no such persona.'));
      return { access_token: await sign(name), token_type: 'Bearer', expires_in: LIFETIME_MS / SECOND };
    });
  };
}

// Staff count as freshly signed in with a second factor; so does everybody else here, it makes no difference to them.
function claimsOf(name: PersonaName, now: number): Record<string, unknown> {
  const persona = personas[name];
  // RFC 9068, section 2.2: with the client credentials grant the subject is the client itself.
  if (persona.type === 'client')
    return { sub: persona.clientId, client_id: persona.clientId, scope: persona.scopes.join(' ') };
  return { sub: persona.subject, auth_time: now, amr: ['pwd', 'mfa'] };
}

function describe(name: PersonaName): object {
  return { persona: name, displayName: personas[name].displayName, description: descriptions[name] };
}

/** In the form of OAuth 2.0 token errors (RFC 6749, section 5.2), with what would have been accepted. */
function refusal(description: string): object {
  return {
    error: 'invalid_request',
    error_description: `${description} Known personas: ${NAMES.join(', ')}.`,
    personas: NAMES,
  };
}

function isPersona(name: unknown): name is PersonaName {
  return NAMES.some((each) => each === name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function statusOf(error: unknown): number {
  return isObject(error) && typeof error.statusCode === 'number' && error.statusCode >= 400 ? error.statusCode : 500;
}
