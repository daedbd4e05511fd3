import type { AsyncLocalStorage } from 'node:async_hooks';

import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

import type { Clock } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';

import { identifyCaller } from './auth/identify-caller.ts';
import type { Authenticate } from './auth/authenticate.ts';
import type { GatewayConfig } from './config.ts';
import type { GatewayContext, RequestRecord } from './context.ts';
import { acceptJsonBodies } from './json-body.ts';
import { logRequest } from './request-log.ts';
import type { RequestRecords } from './request-records.ts';
import { mountSubscriptions } from './subscriptions/mount-subscriptions.ts';
import type { Subscriptions } from './subscriptions/mount-subscriptions.ts';

export interface GraphQLRouteDeps {
  config: GatewayConfig;
  apollo: ApolloServer<GatewayContext>;
  records: RequestRecords;
  /** Tells code that is called without a context, such as error masking, which request it works for. */
  currentRequest: AsyncLocalStorage<RequestRecord>;
  authenticate: Authenticate;
  /** What `/graphql` answers with a stream, and over WebSockets. */
  subscriptions: Subscriptions;
  clock: Clock;
  logger: Logger;
}

export const GRAPHQL_PATH = '/graphql';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']; // Apollo Server refuses the last three
const PREFLIGHT_MAX_AGE_SECONDS = 600;
/** Status in the log of a request that never got an answer; nginx calls it by the same number. */
const CLIENT_LEFT = 499;
const LINE_FEED = 10;
const encoder = new TextEncoder();

/** `/graphql`, in a scope of its own: other routes keep Fastify's usual ways with bodies and origins. */
export function mountGraphQL(app: FastifyInstance, deps: GraphQLRouteDeps): void {
  const { config, apollo, records, currentRequest, authenticate, clock, logger } = deps;
  const recordOf = records.get;
  const handle = fastifyApolloHandler(apollo, {
    context: async (request) => {
      const record = recordOf(request);
      await identifyCaller(() => authenticate(request.raw), { record, logger });
      return { record };
    },
  });

  app.register(async (scope) => {
    if (config.corsOrigins.length > 0)
      await scope.register(fastifyCors, {
        origin: [...config.corsOrigins],
        methods: ['GET', 'POST'],
        exposedHeaders: ['x-request-id'],
        maxAge: PREFLIGHT_MAX_AGE_SECONDS,
      });
    acceptJsonBodies(scope);
    scope.addHook('onRequest', async (request, { raw: response }) => {
      // Fastify tells only of answers that were sent to their end.
      response.once('close', () => {
        const record = recordOf(request);
        record.forgetResult?.();
        const status = response.headersSent ? response.statusCode : CLIENT_LEFT;
        logRequest(record, { status, clock, logger });
      });
    });
    mountSubscriptions(scope, deps.subscriptions);
    scope.route({
      method: METHODS,
      url: GRAPHQL_PATH,
      handler: async (request, reply) => {
        reply.header('cache-control', 'no-store'); // answers depend on who asks
        const answer: unknown = await currentRequest.run(recordOf(request), () => handle.call(scope, request, reply));
        return typeof answer === 'string' ? toLine(answer) : answer;
      },
    });
  });
}

// Bytes at once: as a text, an answer is copied once to be measured, and again behind its headers. Most are ASCII, so that their length
// is known beforehand.
function toLine(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length + 1);
  const { read, written } = encoder.encodeInto(text, bytes);
  if (read < text.length || written > text.length) return Buffer.from(`${text}\n`);
  bytes[written] = LINE_FEED;
  return bytes;
}
