import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';

import type { Logger } from '@tributary/kit/logger';

import type { GatewayLimits } from '../config.ts';
import { isStaff } from '../context.ts';
import type { RequestRecord } from '../context.ts';
import {
  depthLimitExceeded,
  INTERNAL_MESSAGE,
  INTERNAL_SERVER_ERROR,
  selectionLimitExceeded,
  tokenLimitExceeded,
} from '../errors.ts';

export interface ErrorMaskingDeps {
  /** The request that is being answered, if any. */
  currentRequest: () => RequestRecord | undefined;
  limits: Pick<GatewayLimits, 'tokens' | 'selections' | 'depth'>;
  production: boolean;
  logger: Logger;
}

export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

// Codes that say something about how subgraphs are built or called. From a subgraph they mean that gateway and subgraph do not fit
// together; a client can do nothing about it.
const INTERNAL_CODES = [
  'GRAPHQL_VALIDATION_FAILED',
  'GRAPHQL_PARSE_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
  'DOWNSTREAM_SERVICE_ERROR',
];
// The planner's own word for "this operation does not fit": what gets that far has been validated, so the fault is ours.
const PLANNER_CODE = 'INVALID_GRAPHQL';

const CODE = /^[A-Z][A-Z0-9_]*$/;

/**
 * The last stop of every error on its way to a client: it leaves with a message, its place, and a code; of `extensions` nothing
 * else but the subgraph's name, for those who may know it. Errors that nobody foresaw say only that they happened.
 */
export function createErrorMasking({ currentRequest, limits, production, logger }: ErrorMaskingDeps): FormatError {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const record = currentRequest();
    const { message, code } = publicFacts(formatted, limits);
    record?.errorCodes.add(code);
    const place = {
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: formatted.path }),
    };
    const subgraph = formatted.extensions?.subgraph;
    const named = typeof subgraph === 'string' && (!production || isStaff(record?.principal)) ? { subgraph } : {};
    if (code !== INTERNAL_SERVER_ERROR) return { message, ...place, extensions: { code, ...named } };

    const requestId = record?.requestId;
    logInternal(error, { requestId, subgraph, path: formatted.path, masked: wellFormedCode(formatted) });
    return { message, ...place, extensions: { code, ...(requestId !== undefined && { requestId }), ...named } };
  };

  function logInternal(error: unknown, facts: Record<string, unknown>): void {
    // What a subgraph says about its own failure may quote data; that subgraph's log has it. Such errors have no cause here.
    const err = error instanceof GraphQLError ? error.originalError : error;
    logger.error({ ...facts, ...(err instanceof Error && { err }) }, 'an error was masked');
  }
}

// What is not a code may be anything, data of people included.
function wellFormedCode({ extensions }: Pick<GraphQLFormattedError, 'extensions'>): string | undefined {
  return typeof extensions?.code === 'string' && CODE.test(extensions.code) ? extensions.code : undefined;
}

function publicFacts(
  { message, extensions = {} }: GraphQLFormattedError,
  limits: ErrorMaskingDeps['limits'],
): { message: string; code: string } {
  const code = wellFormedCode({ extensions }) ?? INTERNAL_SERVER_ERROR;
  const isInternal =
    code === INTERNAL_SERVER_ERROR ||
    code === PLANNER_CODE ||
    ('subgraph' in extensions && INTERNAL_CODES.includes(code));
  if (isInternal) return { message: INTERNAL_MESSAGE, code: INTERNAL_SERVER_ERROR };
  // These limits are kept by libraries that report them under a general code.
  if (code === 'GRAPHQL_PARSE_FAILED' && /^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(message))
    return tokenLimitExceeded({ limit: limits.tokens });
  // The parser calls itself once per level and gives up long after our own limit, which is checked on what it made.
  if (code === 'GRAPHQL_PARSE_FAILED' && message === 'Maximum call stack size exceeded')
    return depthLimitExceeded({ limit: limits.depth });
  if (extensions.validationErrorCode === 'MAX_RECURSIVE_SELECTIONS_EXCEEDED')
    return selectionLimitExceeded({ limit: limits.selections });
  // Apollo Server tells clients how to configure it.
  if (extensions.validationErrorCode === 'INTROSPECTION_DISABLED')
    return { message: 'The schema cannot be read here: introspection is switched off.', code };
  return { message: withoutValues(message), code };
}

/** graphql-js repeats a wrong variable value in its message, and the value may be a secret. */
export function withoutValues(message: string): string {
  const [, variable, place] = /^(Variable "\$\w+") got invalid value .*?( at "[\w.[\]]+")?;[^;]*$/s.exec(message) ?? [];
  return variable === undefined ? message : `${variable} got an invalid value${place ?? ''}.`;
}
