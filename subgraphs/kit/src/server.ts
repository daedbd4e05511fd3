import { randomUUID } from 'node:crypto';

import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { createHandler } from 'graphql-http';

import type { Clock } from './clock.ts';
import { SECOND } from './clock.ts';
import { createDrain } from './drain.ts';
import { InternalTokenError } from './internal-token.ts';
import type { InternalTokenVerifier } from './internal-token.ts';
import type { Handle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import type { Principal } from './principal.ts';
import type { Subgraph, SubgraphCall, SubgraphRequest } from './subgraph.ts';
import { createEventStreams } from './subscription/event-stream.ts';
import type { EventStreamOptions } from './subscription/event-stream.ts';

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
  eventStreams?: EventStreamOptions;
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

/**
 * Listens when it resolves. `stop()` ends the streams of subscriptions, answers what is in flight, for ten seconds at most, and leaves the
 * subgraph itself running.
 */
export async function startSubgraphServer(options: SubgraphServerOptions): Promise<SubgraphServer> {
  const { subgraph, clock, logger, tokens } = options;
  const principals = new WeakMap<FastifyRequest, Principal | null>();
  const principalOf = (request: FastifyRequest) => principals.get(request) ?? null;
  const server = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: DEFAULT_TIMEOUT_MS,
    http: { headersTimeout: DEFAULT_TIMEOUT_MS },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what still arrives on an open connection is answered like anything in flight
    logger: false,
  });
  const drain = createDrain(server, DEFAULT_TIMEOUT_MS);
  const streams = createEventStreams(options.eventStreams);
  const callOf = (request: FastifyRequest): SubgraphCall => ({
    principal: principalOf(request),
    requestId: header(request, 'x-request-id') ?? randomUUID(),
    traceparent: header(request, 'traceparent'),
    deadline: clock.now().getTime() + timeoutOf(request),
  });

  server.get('/livez', () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = !drain.isDraining() && (await subgraph.isReady());
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
        const answer = refusal('UNAUTHENTICATED', 'Only the gateway may call this subgraph.');
        return reply.code(401).header('www-authenticate', 'Bearer').send(answer);
      }
    });
    // Set here, so that strangers do not even learn what there is.
    internal.setNotFoundHandler((_request, reply) =>
      reply.code(404).send(refusal('NOT_FOUND', 'There is nothing here.')),
    );
    internal.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url: '/graphql',
      handler: (_request, reply) =>
        reply.code(405).header('allow', 'POST').send(refusal('BAD_REQUEST', 'Operations are sent with POST.')),
    });
    const handle = createHandler<FastifyRequest>({
      schema: subgraph.schema,
      formatError: withCode,
      async onSubscribe({ raw }, { query, variables, operationName }) {
        const result = await subgraph.execute(
          { query, ...(variables && { variables }), ...(operationName && { operationName }) },
          callOf(raw),
        );
        // The package takes an answer without data for no answer at all; a list of errors it knows.
        return result.data === undefined && result.errors ? result.errors : result;
      },
    });
    // The package's own route would print what goes wrong; here it goes through the error handler below.
    internal.post('/graphql', async (request, reply) => {
      if (subgraph.subscribe && acceptsEventStream(request)) {
        const operation = readOperation(request.body);
        if (!operation) return reply.code(400).send(refusal('BAD_REQUEST', 'The body is no GraphQL request.'));
        const left = new AbortController();
        reply.raw.once('close', () => left.abort());
        const started = await subgraph.subscribe(operation, { ...callOf(request), signal: left.signal });
        // A single answer is no stream; so a refusal is known before one is there.
        if (!(Symbol.asyncIterator in started)) return reply.send(started);
        reply.hijack();
        return streams.send(reply.raw, started);
      }
      const { url, method, headers, body } = request;
      const [answer, { status, headers: sent = {} }] = await handle({
        ...{ url, method, headers, raw: request, context: undefined },
        body: body as Record<string, unknown> | string | null,
      });
      return reply
        .code(status)
        .headers(sent)
        .send(answer ?? undefined);
    });
    options.internalRoutes?.(internal, principalOf);
  });

  server.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) logger.error({ err: error, url: request.routeOptions.url }, 'a request failed');
    const message = status >= 500 ? 'Something went wrong on our side.' : 'The request is not usable.';
    const code = status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
    return reply.code(status).send(refusal(code, message));
  });

  const url = await server.listen({ host: options.host, port: options.port });
  const stop = () => {
    streams.end();
    return drain.stop();
  };
  return { url, stop };
}

const acceptsEventStream = (request: FastifyRequest) =>
  header(request, 'accept')
    ?.split(',')
    .some((type) => type.split(';')[0]!.trim().toLowerCase() === 'text/event-stream') ?? false;

function readOperation(body: unknown): SubgraphRequest | null {
  if (typeof body !== 'object' || body === null) return null;
  const { query, variables, operationName } = body as Record<string, unknown>;
  if (typeof query !== 'string' || !isAbsentOr('object', variables) || !isAbsentOr('string', operationName))
    return null;
  return {
    query,
    ...(variables ? { variables: variables as Record<string, unknown> } : {}),
    ...(operationName ? { operationName: operationName as string } : {}),
  };
}

const isAbsentOr = (type: 'object' | 'string', value: unknown) =>
  value === undefined || value === null || (typeof value === type && !Array.isArray(value));

const refusal = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

// A body that is no GraphQL request is told by graphql-http itself, with an Error that has no code.
const withCode = (error: Error) =>
  error instanceof GraphQLError ? error : new GraphQLError(error.message, { extensions: { code: 'BAD_REQUEST' } });

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
