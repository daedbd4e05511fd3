import { generateKeyPairSync } from 'node:crypto';

import type { JWK } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  startSubgraphServer,
  systemClock,
} from '@tributary/kit';
import type { InternalTokenSigner, InternalTokenVerifier, Principal, SubgraphServer } from '@tributary/kit';

import { startLibrary } from '../library.ts';
import type { Library } from '../library.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
/** Signs what the server takes for tokens of the gateway. */
export const privateJwk = privateKey.export({ format: 'jwk' }) as JWK;

export interface Answer {
  status: number;
  body: unknown;
}

type ServerOptions = Partial<Parameters<typeof startSubgraphServer>[0]>;

/** The library behind a server that is started anew for every test of the file that calls this. */
export function serveLibrary() {
  let library: Library;
  let signer: InternalTokenSigner;
  let verifier: InternalTokenVerifier;
  let server: SubgraphServer;
  beforeAll(async () => {
    library = await startLibrary();
    signer = await createInternalTokenSigner(privateJwk, systemClock);
    verifier = await createInternalTokenVerifier(publicKey.export({ format: 'jwk' }), 'library', systemClock);
  });
  afterAll(async () => {
    await library[Symbol.asyncDispose]();
  });

  const start = (options: ServerOptions = {}) =>
    startSubgraphServer({
      subgraph: library.subgraph,
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      logger: { error: () => undefined } as never,
      tokens: verifier,
      ...options,
    });

  beforeEach(async () => {
    server = await start();
  });
  afterEach(async () => {
    await server.stop();
  });

  async function send(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${server.url}${path}`, init);
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  }
  const bearer = async (principal: Principal | null = null, subgraph = 'library') => ({
    authorization: `Bearer ${await signer.sign(principal, subgraph)}`,
  });
  async function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await bearer()), ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  return {
    get library() {
      return library;
    },
    get server() {
      return server;
    },
    start,
    /** Puts another server in the place of this test's own. */
    restart: async (options: ServerOptions) => {
      await server.stop();
      server = await start(options);
    },
    send,
    bearer,
    post,
  };
}

export const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: { errors: [{ message, extensions: { code } }] },
});

export const unauthenticated = refusal(401, 'UNAUTHENTICATED', 'Only the gateway may call this subgraph.');
export const unusable = (status: number) => refusal(status, 'BAD_REQUEST', 'The request is not usable.');
