import type { FastifyRequest } from 'fastify';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';

import type { Clock } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';

import type { OpenSession } from '../auth/session.ts';
import type { RequestRecord } from '../context.ts';
import type { StreamLimits } from './limits.ts';
import type { RunOperationDeps } from './run-operation.ts';

/** What subscriptions need from the gateway around them. */
export interface SubscriptionsDeps extends RunOperationDeps {
  /** Path of the endpoint. */
  path: string;
  openSession: OpenSession;
  recordOf: (request: FastifyRequest) => RequestRecord;
  /** Errors on their way to a client that come up after Apollo Server has done its part. */
  formatErrors: (errors: readonly GraphQLError[], record: RequestRecord) => readonly GraphQLFormattedError[];
  /** Web pages of these origins may open WebSockets. */
  corsOrigins: readonly string[];
  limits: StreamLimits;
  /** Time for an operation that comes over a WebSocket, for the start of a subscription, and for the fetches of one event. */
  deadlineMs: number;
  /** Bytes of a message. */
  maxMessageBytes: number;
  clock: Clock;
  logger: Logger;
}
