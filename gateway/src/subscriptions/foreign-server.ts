import type { HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyInstance } from 'fastify';

import type { Clock } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';

import { ANONYMOUS } from '../auth/authenticate.ts';
import type { Authenticate, Session } from '../auth/authenticate.ts';
import type { FormatError } from '../plugins/error-masking.ts';
import { newRequestId, newRequestRecord } from '../request-records.ts';
import { defaultStreamLimits } from './limits.ts';
import type { StreamLimits } from './limits.ts';
import { createSubscriptions, mountSubscriptions } from './mount-subscriptions.ts';
import type { ApolloLike } from './run-operation.ts';

/** Streams on the Fastify server of somebody else's Apollo Server. */
export interface ForeignStreams {
  /** The Apollo Server that has the gateway, started. */
  apollo: ApolloLike;
  /** Path of its endpoint. */
  path?: string;
  /** The context of an operation that comes by a stream, as Apollo Server's integration makes it for the others. */
  context?: (operation: { request: HTTPGraphQLRequest; session: Session }) => object;
  /** Who calls, and how long. Nobody, and forever, when left out. */
  authenticate?: Authenticate;
  /** The same that Apollo Server has. */
  formatError?: FormatError;
  /** Web pages of these origins may open WebSockets, besides those of this very origin. */
  corsOrigins?: readonly string[];
  limits?: Partial<StreamLimits>;
  maxMessageBytes?: number;
}

const MAX_MESSAGE_BYTES = 256 * 1024;

export function mountForeignStreams(
  app: FastifyInstance,
  { path = '/graphql', context = () => ({}), corsOrigins = [], limits, ...given }: ForeignStreams,
  options: { forwardHeaders: readonly string[]; deadlineMs: number; clock: Clock; logger: Logger },
): void {
  const subscriptions = createSubscriptions({
    ...options,
    path,
    corsOrigins,
    contextOf: context,
    run: (_record, work) => work(),
    recordOf: (request, reply) =>
      newRequestRecord(request, { ...options, response: reply.raw, requestId: newRequestId(request) }),
    authenticate: given.authenticate ?? (async () => ANONYMOUS),
    formatError: given.formatError ?? ((formatted) => formatted),
    apollo: given.apollo,
    limits: { ...defaultStreamLimits, ...limits },
    maxMessageBytes: given.maxMessageBytes ?? MAX_MESSAGE_BYTES,
  });
  mountSubscriptions(app, subscriptions);
}
