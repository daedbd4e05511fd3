import type { DomainError } from '@tributary/kit/errors';

import { INTERNAL_SERVER_ERROR, subgraphMalformedResponse } from '../errors.ts';
import { FetchFailure } from './subgraph-transport.ts';
import type { SubgraphAnswer, SubgraphError } from './subgraph-transport.ts';

// Nothing a subgraph sends is trusted to have the right shape: it may be another version, another vendor's or broken.

/** The answer of a subgraph as the gateway works with it. An answer that is no GraphQL result is one error without a path. */
export function checkAnswer(answer: unknown): SubgraphAnswer {
  if (!isObject(answer)) return malformedAnswer();
  const { data = null, errors } = answer;
  if (data !== null && !isObject(data)) return malformedAnswer();
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return malformedAnswer();
  const checked = (errors ?? []).map(checkError);
  // Neither data nor a reason for having none.
  if (data === null && checked.length === 0) return malformedAnswer();
  return { data, errors: checked };
}

/** The answer of a subgraph that was asked for a stream and gave none. It has errors, whatever the subgraph said. */
export function refusalOf(answer: unknown): SubgraphAnswer {
  const { errors } = checkAnswer(answer);
  return errors.length > 0 ? { data: null, errors } : malformedAnswer();
}

/** The answer that stands for a fetch that got none. */
export function failedAnswer({ code, message }: DomainError, failure: FetchFailure): SubgraphAnswer {
  return { data: null, errors: [{ code, message }], failure };
}

/** For a subgraph whose answer cannot be used. */
export function malformedAnswer(): SubgraphAnswer {
  return failedAnswer(subgraphMalformedResponse(), FetchFailure.malformed);
}

function checkError(error: unknown): SubgraphError {
  if (!isObject(error)) return { message: '', code: INTERNAL_SERVER_ERROR };
  const { message, path, extensions } = error;
  const code = isObject(extensions) ? extensions.code : undefined;
  return {
    message: typeof message === 'string' ? message : '',
    code: typeof code === 'string' ? code : INTERNAL_SERVER_ERROR,
    ...(isPath(path) && { path }),
  };
}

function isPath(value: unknown): value is readonly (string | number)[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part) => typeof part === 'string' || (typeof part === 'number' && Number.isSafeInteger(part)))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
