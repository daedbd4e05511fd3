import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Clock } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';

import type { Authenticate } from '../auth/authenticate.ts';
import type { RequestRecord } from '../context.ts';
import type { FormatError } from '../plugins/error-masking.ts';
import type { StreamLimits } from './limits.ts';
import type { RunOperationDeps } from './run-operation.ts';

/** What subscriptions need from the gateway around them. */
export interface SubscriptionsDeps extends RunOperationDeps {
  /** Path of the endpoint. */
  path: string;
  authenticate: Authenticate;
  recordOf: (request: FastifyRequest, reply: FastifyReply) => RequestRecord;
  /** For errors that come up after Apollo Server has done its part. */
  formatError: FormatError;
  /** Web pages of these origins may open WebSockets. */
  corsOrigins: readonly string[];
  /** Headers of the client that transports may pass on, in lower case. */
  forwardHeaders: readonly string[];
  limits: StreamLimits;
  /** Time for an operation that comes over a WebSocket, for the start of a subscription, and for the fetches of one event. */
  deadlineMs: number;
  /** Bytes of a message. */
  maxMessageBytes: number;
  clock: Clock;
  logger: Logger;
}
