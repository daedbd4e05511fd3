import { GraphQLError } from 'graphql';

import { INTERNAL_MESSAGE, INTERNAL_SERVER_ERROR, subgraphMalformedResponse, subgraphUnavailable } from '../errors.ts';
import type { Shaping, UnusableValue } from './build-object.ts';
import { denialErrors } from './denials.ts';
import type { ExecutionState } from './execution-state.ts';
import type { PlanResult } from './plan-executor.ts';
import type { ResponsePath } from './response-data.ts';

/** The result of a run, with the errors of its fetches and of its shaping. */
export function withErrors(
  data: Record<string, unknown> | null,
  { state, shaping }: { state: ExecutionState; shaping: Shaping },
): PlanResult {
  const { errors } = state;
  const { unusable, denied } = shaping;
  if (errors === null && unusable.length === 0 && denied.length === 0) return { data };
  // A value that is missing because its fetch failed has been told already.
  const unexplained = unusable.filter(({ path }) => !errors?.explain(path));
  const all = [...(errors?.collected() ?? []), ...unexplained.map(malformed), ...denialErrors(denied, state.call)];
  return all.length === 0 ? { data } : { data, errors: all };
}

export function malformed({ path }: UnusableValue): GraphQLError {
  const { message, code } = subgraphMalformedResponse();
  return new GraphQLError(message, { path, extensions: { code } });
}

/** For a request whose client is gone: what it would have been told is not worth finding out. */
export function canceled(): GraphQLError {
  const { message, code } = subgraphUnavailable();
  return new GraphQLError(message, { extensions: { code } });
}

export function internalError(error: unknown, path?: ResponsePath): GraphQLError {
  return new GraphQLError(INTERNAL_MESSAGE, {
    path: path ?? null,
    originalError: error instanceof Error ? error : new Error('Something was thrown that is no Error.'),
    extensions: { code: INTERNAL_SERVER_ERROR },
  });
}
