import { randomUUID } from 'node:crypto';

import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHandler } from 'graphql-http/lib/use/fastify';

import type { Clock } from './clock.ts';
import { SECOND } from './clock.ts';
import { InternalTokenError } from './internal-token.ts';
import type { InternalTokenVerifier } from './internal-token.ts';
import type { Handle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import type { Principal } from './principal.ts';
import type { Subgraph } from './subgraph.ts';

// The HTTP face of a subgraph, for when the gateway is another process. Nothing but health and what a subgraph
// mounts as public is answered without the gateway's internal token, not even `_service`.

export interface SubgraphServerOptions {
  subgraph: Subgraph;
  host: string;
  port: number;
  clock: Clock;
  logger: Logger;
  /** Null only when the test kit takes this wall down to prove the others; every caller is then anonymous. */
  tokens: InternalTokenVerifier | null;
  internalRoutes?: InternalRoutes;
  /** A plugin whose routes stand outside the internal token and decide on their own who may use them, such as signed links. */
  publicRoutes?: (server: FastifyInstance) => Promise<void>;
}

/** Mounts further routes that stand behind the internal token. `principalOf` tells whom the token of a request speaks for. */
export type InternalRoutes = (
  server: FastifyInstance,
  principalOf: (request: FastifyRequest) => Principal | null,
) => void;

export interface SubgraphServer extends Handle {
  readonly url: string;
}

// Entity fetches carry a list of representations for whole pages; 10,000 of them fit.
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 10 * SECOND;

/** Listens when it resolves. `stop()` answers what is in flight and leaves the subgraph itself running. */
export async function startSubgraphServer(options: SubgraphServerOptions): Promise<SubgraphServer> {
  const { subgraph, clock, logger, tokens } = options;
  const principals = new WeakMap<FastifyRequest, Principal | null>();
  const principalOf = (request: FastifyRequest) => principals.get(request) ?? null;
  const server = Fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: 'idle', logger: false });
  let draining = false;

  server.get('/livez', () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = !draining && (await subgraph.isReady());
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });

  if (options.publicRoutes) server.register(options.publicRoutes);
  server.register(async (internal) => {
    internal.addHook('onRequest', async (request, reply) => {
      if (!tokens) return;
      try {
        const { principal } = await tokens.verify(bearerToken(request));
        principals.set(request, principal);
      } catch (error) {
        if (!(error instanceof InternalTokenError)) throw error;
        const refused = {
          message: 'Only the gateway may call this subgraph.',
          extensions: { code: 'UNAUTHENTICATED' },
        };
        return reply
          .code(401)
          .header('www-authenticate', 'Bearer')
          .send({ errors: [refused] });
      }
    });
    internal.post(
      '/graphql',
      createHandler({
        schema: subgraph.schema,
        onSubscribe: ({ raw }, { query, variables, operationName }) =>
          subgraph.execute(
            { query, ...(variables && { variables }), ...(operationName && { operationName }) },
            {
              principal: principalOf(raw),
              requestId: header(raw, 'x-request-id') ?? randomUUID(),
              deadline: clock.now().getTime() + timeoutOf(raw),
            },
          ),
      }),
    );
    options.internalRoutes?.(internal, principalOf);
  });

  server.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) logger.error({ err: error, url: request.routeOptions.url }, 'a request failed');
    const message = status >= 500 ? 'Something went wrong on our side.' : 'The request is not usable.';
    const code = status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
  });

  const url = await server.listen({ host: options.host, port: options.port });
  let stopping: Promise<void> | undefined;
  return {
    url,
    stop() {
      draining = true;
      return (stopping ??= server.close());
    },
  };
}

function bearerToken(request: FastifyRequest): string {
  const [, token] = /^Bearer ([\w.-]+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!token) throw new InternalTokenError('There is no internal token.');
  return token;
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

// The gateway tells how long it is going to wait.
function timeoutOf(request: FastifyRequest): number {
  const milliseconds = Number(header(request, 'x-request-timeout-ms'));
  return milliseconds > 0 && milliseconds < DEFAULT_TIMEOUT_MS ? milliseconds : DEFAULT_TIMEOUT_MS;
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
}
