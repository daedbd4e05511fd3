import { GraphQLError, Kind, print } from 'graphql';
import type { VariableDefinitionNode } from 'graphql';

// Refusals that a caller is meant to see. Each has a stable code; the codes are listed in the README and a test compares
// both. Everything that is not one of these is a bug or an outage and leaves the subgraph as INTERNAL_SERVER_ERROR.

/** A refusal with a stable code. Its message is safe to show: it holds no data the caller may not see. */
export class DomainError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
  }
}

/** Codes of every error that was defined, for the catalog test. */
export const errorCatalog = new Map<string, (facts: never) => string>();

/** Defines an error code once and returns the function that makes such errors from facts. */
export function domainError<Facts = void>(code: string, message: (facts: Facts) => string) {
  errorCatalog.set(code, message);
  return (facts: Facts): DomainError => new DomainError(code, message(facts));
}

export const unauthenticated = domainError('UNAUTHENTICATED', () => 'This needs a caller who has signed in.');
export const forbidden = domainError('FORBIDDEN', () => 'The caller may not see or do this.');
export const notFound = domainError('NOT_FOUND', () => 'There is no such object, or the caller may not see it.');
export const badUserInput = domainError('BAD_USER_INPUT', (reason: string) => reason);
export const deadlineExceeded = domainError('DEADLINE_EXCEEDED', () => 'The answer was not ready in time.');
export const unavailable = domainError(
  'UNAVAILABLE',
  () => 'This part cannot be reached at the moment. Try again later.',
);

// What ends a subscription that has begun. Events may be missed after each.
export const goingAway = domainError('GOING_AWAY', () => 'This part is being stopped. Subscribe again.');
export const subscriberTooSlow = domainError(
  'SUBSCRIBER_TOO_SLOW',
  () => 'The subscriber does not read its events as fast as they come.',
);
export const subscriptionExpired = domainError(
  'SUBSCRIPTION_EXPIRED',
  () => 'The subscription has lasted as long as one may. Subscribe again.',
);

/** What a client may see of an error: known refusals as they are, graphql-js request errors with their code, all else masked. */
export function toPublicError(error: GraphQLError): { error: GraphQLError; unexpected: Error | null } {
  const cause = error.originalError;
  if (cause instanceof DomainError) return { error: withCode(error, error.message, cause.code), unexpected: null };
  if (!cause && typeof error.extensions.code === 'string') return { error, unexpected: null };
  const inputProblem = describeInputProblem(error, cause);
  if (inputProblem !== null) return { error: withCode(error, inputProblem, 'BAD_USER_INPUT'), unexpected: null };
  return {
    error: withCode(error, 'Something went wrong on our side.', 'INTERNAL_SERVER_ERROR'),
    unexpected: cause ?? error,
  };
}

/**
 * What graphql-js found wrong with the request itself, or null when it is the answer that is wrong. Its own words repeat the value,
 * which may be a secret in the wrong place; those of our scalars do not.
 */
function describeInputProblem({ message, nodes, path }: GraphQLError, cause: Error | undefined): string | null {
  if (!cause) return path === undefined ? message : null;
  if (!(cause instanceof GraphQLError)) return null;
  const [node] = nodes ?? [];
  if (path === undefined && node?.kind === Kind.VARIABLE_DEFINITION)
    return `${describeVariable(node)}${cause.extensions.code === 'BAD_USER_INPUT' ? ` ${cause.message}` : ''}`;
  // An argument that the variables made wrong is found only when its field runs, and the error then names the value in the operation.
  // Errors about the answer name the field, or nothing.
  const [origin] = cause.nodes ?? [];
  return origin && origin.kind !== Kind.FIELD ? 'An argument got a value that does not fit its type.' : null;
}

const describeVariable = ({ variable, type }: VariableDefinitionNode) =>
  `Variable "$${variable.name.value}" got a value that does not fit its type "${print(type)}".`;

function withCode(error: GraphQLError, message: string, code: string): GraphQLError {
  return new GraphQLError(message, {
    ...(error.nodes && { nodes: error.nodes }),
    path: error.path ?? null,
    extensions: { code },
  });
}
