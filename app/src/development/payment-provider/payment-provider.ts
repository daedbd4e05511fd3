import type { FastifyInstance } from 'fastify';

import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';
import { openDatabase } from '@tributary/kit/database/database';
import { startWith } from '@tributary/kit/lifecycle';
import type { Handle } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';
import { startPoller } from '@tributary/kit/messaging/poller';

import { mountActions } from './action.routes.ts';
import { errorBody, mountApi } from './api.routes.ts';
import type { ProviderBehavior, ProviderContext } from './behavior.ts';
import { deliverNext } from './deliver-events.ts';
import type { WebhookTarget } from './deliver-events.ts';
import { Fault } from './fault.ts';
import { settleNext } from './settle.ts';

// A payment provider for development: it moves no money, and for the rest behaves like a real one. It remembers in a schema of its own,
// so it can be killed at any moment. Anybody on this machine may confirm payments here: it has no place in production.

/** The name it goes by where payments are stored. */
export const DEVELOPMENT_PROVIDER = 'devpay';

export interface DevelopmentProviderOptions {
  /** With the role provider_app. */
  databaseUrl: string;
  /** What callers of the API show. */
  apiKey: string;
  /** Where events are delivered, and how they are signed. */
  webhook: WebhookTarget;
  behavior: ProviderBehavior;
  /** Where the routes are reached. Asked for each time, since a server learns its port late. */
  baseUrl: () => string;
  clock: Clock;
  logger: Logger;
}

export interface DevelopmentProvider extends Handle {
  /** The API and the page on which payers act, to be mounted in a scope of their own. */
  readonly routes: (app: FastifyInstance) => void;
  isReady(): Promise<boolean>;
}

const MAX_CONNECTIONS = 8;
const STATEMENT_TIMEOUT_MS = 10 * SECOND;
const POLL_MS = 250;

/** Opens the database, and goes on with what an earlier process left: charges to settle, events to deliver. */
export function createDevelopmentProvider(options: DevelopmentProviderOptions): Promise<DevelopmentProvider> {
  const { apiKey, webhook, behavior, baseUrl, clock, logger } = options;
  return startWith(async (stack) => {
    const database = stack.use(
      await openDatabase({
        url: options.databaseUrl,
        applicationName: 'tributary-payment-provider',
        entities: [],
        maxConnections: MAX_CONNECTIONS,
        statementTimeoutMs: STATEMENT_TIMEOUT_MS,
        onPoolError: (err) => logger.warn({ err }, 'an idle database connection was lost'),
      }),
    );
    const actionUrlOf = (reference: string) => `${baseUrl()}/actions/${reference}`;
    const poll = { intervalMs: POLL_MS, logger };
    const { retryMs, disorder } = behavior;
    const delivering = startPoller({
      ...poll,
      name: 'deliver payment events',
      run: (signal) => deliverNext({ database, clock, delivery: { retryMs, disorder } }, webhook, signal),
    });
    stack.use(delivering);
    const context: ProviderContext = { database, behavior, clock, actionUrlOf, onEvent: () => delivering.wake() };
    stack.use(startPoller({ ...poll, name: 'settle payments', run: () => settleNext(context) }));

    return {
      routes(app) {
        app.setErrorHandler((error, _request, reply) => {
          if (error instanceof Fault) return reply.code(error.statusCode).send(errorBody(error.code, error.message));
          const status = statusOf(error);
          if (status < 500) return reply.code(status).send(errorBody('INVALID_REQUEST', 'The request is not usable.'));
          logger.error({ err: error }, 'a request to the payment provider failed');
          return reply.code(500).send(errorBody('INTERNAL_ERROR', 'Something went wrong.'));
        });
        app.register(async (scope) => mountApi(scope, context, apiKey));
        app.register(async (scope) => mountActions(scope, context));
      },
      isReady: () => database.isReady(),
      stop: () => stack.stop(),
    };
  });
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
}
