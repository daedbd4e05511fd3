import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';

import { domainError, DomainError } from '@tributary/kit/errors';

// Refusals of the gateway itself. Those of subgraphs pass through with their own codes; everything else is masked.

/** Code of everything unexpected. Its message never says more. */
export const INTERNAL_SERVER_ERROR = 'INTERNAL_SERVER_ERROR';
export const INTERNAL_MESSAGE = 'Something went wrong on our side.';

export const badRequest = domainError('BAD_REQUEST', () => 'The request is not usable.');
export const routeNotFound = domainError('ROUTE_NOT_FOUND', () => 'There is nothing at this address.');
export const bodyTooLarge = domainError(
  'BODY_TOO_LARGE',
  ({ limitBytes }: { limitBytes: number }) => `The body of a request may have at most ${limitBytes} bytes.`,
);
export const headersTooLarge = domainError('HEADERS_TOO_LARGE', () => 'The headers of the request are too large.');
export const unsupportedMediaType = domainError('UNSUPPORTED_MEDIA_TYPE', () => 'Send JSON, encoded as UTF-8.');

export const tokenLimitExceeded = domainError(
  'TOKEN_LIMIT_EXCEEDED',
  ({ limit }: { limit: number }) => `An operation may have at most ${limit} tokens.`,
);
export const depthLimitExceeded = domainError(
  'DEPTH_LIMIT_EXCEEDED',
  ({ limit }: { limit: number }) => `Fields may be nested at most ${limit} levels deep.`,
);
export const selectionLimitExceeded = domainError(
  'SELECTION_LIMIT_EXCEEDED',
  ({ limit }: { limit: number }) => `With its fragments spread out an operation may select at most ${limit} fields.`,
);
export const costLimit = domainError(
  'COST_LIMIT',
  ({ cost, limit }: { cost: number; limit: number }) =>
    `The operation costs ${cost} points and may cost ${limit}. Ask for smaller pages, nest fewer lists, or split it up.`,
);
export const reservedName = domainError(
  'RESERVED_NAME',
  ({ name }: { name: string }) => `"${name}" cannot be used as an alias or a variable name.`,
);
export const listTooLong = domainError(
  'LIST_TOO_LONG',
  ({ argument, limit }: { argument: string; limit: number }) => `"${argument}" may have at most ${limit} items.`,
);
export const operationNotSupported = domainError(
  'OPERATION_NOT_SUPPORTED',
  ({ kind }: { kind: string }) => `A ${kind} cannot be run at this endpoint.`,
);

/** A subscription that was sent where there is no room for more than one answer. */
export const subscriptionNeedsStream = () =>
  new DomainError(
    'OPERATION_NOT_SUPPORTED',
    'A subscription is answered as a stream: send it with "accept: text/event-stream" or ' +
      '"accept: multipart/mixed;subscriptionSpec=1.0", or over a WebSocket with the protocol graphql-transport-ws.',
  );
export const originNotAllowed = domainError(
  'ORIGIN_NOT_ALLOWED',
  () => 'Pages of this origin may not open a WebSocket here.',
);
export const operationLimitExceeded = domainError(
  'OPERATION_LIMIT_EXCEEDED',
  ({ limit }: { limit: number }) => `A connection may run at most ${limit} operations at a time.`,
);
export const streamLimitExceeded = domainError(
  'STREAM_LIMIT_EXCEEDED',
  () => 'This gateway serves as many streams as it can. Try again later.',
);

// What ends a subscription that has begun, besides its completion and the loss of its subgraph. Events may be missed after each.
export const subscriberTooSlow = domainError(
  'SUBSCRIBER_TOO_SLOW',
  () => 'The client does not read its events as fast as they come.',
);
export const goingAway = domainError('GOING_AWAY', () => 'This gateway is being stopped. Subscribe again.');
export const supergraphChanged = domainError(
  'SUPERGRAPH_CHANGED',
  () => 'The graph has changed since the subscription began. Subscribe again.',
);
export const tokenExpired = () => new DomainError('UNAUTHENTICATED', 'The access token has expired.');
export const rightsLost = () =>
  new DomainError('FORBIDDEN', 'The caller has lost rights since the subscription began. Subscribe again.');

export const subgraphUnavailable = domainError(
  'SUBGRAPH_UNAVAILABLE',
  () => 'The part of the graph behind this field cannot be reached at the moment.',
);
export const subgraphTimeout = domainError(
  'SUBGRAPH_TIMEOUT',
  () => 'The part of the graph behind this field did not answer in time.',
);
export const subgraphMalformedResponse = domainError(
  'SUBGRAPH_MALFORMED_RESPONSE',
  () => 'The part of the graph behind this field sent an answer that cannot be used.',
);

/** The same for every way in which a token can be wrong, so that it does not help in forging one. */
export const invalidToken = () => new DomainError('UNAUTHENTICATED', 'The access token is not valid.');

/** A refusal as Apollo Server wants it: with the HTTP status and headers of the whole answer. */
export function refusal(
  error: DomainError,
  http: { status: number; headers?: Readonly<Record<string, string>> },
): GraphQLError {
  const headers = new HeaderMap(Object.entries(http.headers ?? {}));
  return new GraphQLError(error.message, { extensions: { code: error.code, http: { status: http.status, headers } } });
}
