import type { AsyncLocalStorage } from 'node:async_hooks';

import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Clock } from '@tributary/kit/clock';
import { unavailable } from '@tributary/kit/errors';
import { invariant } from '@tributary/kit/invariant';
import type { Logger } from '@tributary/kit/logger';

import type { Authenticate } from './auth/authenticate.ts';
import { AuthenticationUnavailable, TokenRefused } from './auth/token-errors.ts';
import type { GatewayConfig } from './config.ts';
import { principalForLog } from './context.ts';
import type { GatewayContext, RequestRecord } from './context.ts';
import { invalidToken, refusal } from './errors.ts';
import { acceptJsonBodies } from './json-body.ts';
import type { RequestRecords } from './request-records.ts';

export interface GraphQLRouteDeps {
  config: GatewayConfig;
  apollo: ApolloServer<GatewayContext>;
  records: RequestRecords;
  /** Tells code that is called without a context, such as error masking, which request it works for. */
  currentRequest: AsyncLocalStorage<RequestRecord>;
  authenticate: Authenticate;
  clock: Clock;
  logger: Logger;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']; // Apollo Server refuses the last three
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/** `/graphql`, in a scope of its own: other routes keep Fastify's usual ways with bodies and origins. */
export function mountGraphQL(app: FastifyInstance, deps: GraphQLRouteDeps): void {
  const { config, apollo, records, currentRequest, logger } = deps;
  const recordOf = (request: FastifyRequest): RequestRecord => {
    const record = records.find(request);
    invariant(record, 'The request has no record.');
    return record;
  };
  const handle = fastifyApolloHandler(apollo, {
    context: (request) => createContext(request, recordOf(request), deps),
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
    scope.addHook('onResponse', async (request, reply) => {
      logRequest(recordOf(request), { status: reply.statusCode, clock: deps.clock, logger });
    });
    scope.route({
      method: METHODS,
      url: '/graphql',
      handler: (request, reply) => {
        reply.header('cache-control', 'no-store'); // answers depend on who asks
        return currentRequest.run(recordOf(request), () => handle.call(scope, request, reply));
      },
    });
  });
}

async function createContext(
  request: FastifyRequest,
  record: RequestRecord,
  { authenticate, logger }: Pick<GraphQLRouteDeps, 'authenticate' | 'logger'>,
): Promise<GatewayContext> {
  const { requestId } = record;
  try {
    record.principal = await authenticate(request.raw);
    return { record };
  } catch (error) {
    if (error instanceof TokenRefused) {
      logger.info({ requestId, reason: error.message }, 'a token was refused');
      throw refusal(invalidToken(), { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    }
    if (error instanceof AuthenticationUnavailable) {
      logger.error({ requestId, err: error }, 'a caller could not be identified');
      throw refusal(unavailable(), { status: 503, headers: { 'retry-after': '1' } });
    }
    throw error;
  }
}

function logRequest(
  record: RequestRecord,
  { status, clock, logger }: { status: number; clock: Clock; logger: Logger },
): void {
  const { requestId, startedAt, operationName, operationType, cost, errorCodes, principal } = record;
  logger.info(
    {
      requestId,
      operation: operationName,
      type: operationType,
      cost,
      status,
      durationMs: clock.now().getTime() - startedAt,
      errors: [...errorCodes],
      principal: principalForLog(principal),
    },
    'request',
  );
}
