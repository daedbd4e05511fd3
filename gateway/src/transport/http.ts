import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';
import type { DomainError } from '@tributary/kit/errors';
import type { InternalTokenSigner } from '@tributary/kit/internal-token';
import type { Logger } from '@tributary/kit/logger';
import type { SubgraphCall, SubgraphRequest } from '@tributary/kit/subgraph';

import { subgraphMalformedResponse, subgraphTimeout, subgraphUnavailable } from '../errors.ts';
import { checkAnswer, failedAnswer } from './check-answer.ts';
import { createInternalTokens } from './internal-tokens.ts';
import { discardBody, readJsonBody, UnusableBody } from './read-body.ts';
import type { SubgraphTransport } from './subgraph-transport.ts';

export interface HttpTransportOptions {
  name: string;
  /** Base URL of the subgraph's server; GraphQL is at `/graphql`, readiness at `/readyz` below it. */
  url: string;
  signer: InternalTokenSigner;
  clock: Clock;
  logger: Logger;
  /** One call takes at most this long, and never longer than the request's deadline. */
  timeoutMs?: number;
  maxAnswerBytes?: number;
  maxConnections?: number;
}

const TIMEOUT_MS = 10 * SECOND;
const READY_TIMEOUT_MS = 2 * SECOND;
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
const MAX_READY_BYTES = 4_096;
const MAX_CONNECTIONS = 128;

/**
 * Calls a subgraph over HTTP, on kept-alive connections. The subgraph learns the principal from an internal token, the request
 * id and the time left; nothing of the client's own headers. Redirects are not followed.
 */
export function createHttpTransport(options: HttpTransportOptions): SubgraphTransport {
  const { name, clock, timeoutMs = TIMEOUT_MS, maxAnswerBytes = MAX_ANSWER_BYTES } = options;
  const base = new URL(options.url);
  const logger = options.logger.child({ subgraph: name });
  const tokens = createInternalTokens({ signer: options.signer, subgraph: name, clock });
  const pool = new Pool(base.origin, {
    connections: options.maxConnections ?? MAX_CONNECTIONS,
    connect: { timeout: timeoutMs },
    headersTimeout: 0, // one signal covers connecting, headers and body together
    bodyTimeout: 0,
  });
  const pathOf = (path: string) => `${base.pathname.replace(/\/$/, '')}${path}`;
  let stopping: Promise<void> | undefined;

  async function send(request: SubgraphRequest, call: SubgraphCall, token: string, remainingMs: number) {
    const answer = await pool.request({
      method: 'POST',
      path: pathOf('/graphql'),
      headers: {
        accept: 'application/graphql-response+json, application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-request-id': call.requestId,
        ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
        'x-request-timeout-ms': String(Math.ceil(remainingMs)),
      },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(Math.ceil(remainingMs)),
    });
    refuseStatus(answer);
    return checkAnswer(await readJsonBody(answer, maxAnswerBytes));
  }

  return {
    name,
    async execute(request, call, operationKind) {
      const remainingMs = Math.min(timeoutMs, call.deadline - clock.now().getTime());
      if (remainingMs <= 0) return failedAnswer(subgraphTimeout());
      try {
        const token = await tokens.tokenFor(call, operationKind);
        return await send(request, call, token, remainingMs);
      } catch (error) {
        const refusal = toDomainError(error);
        // Addresses and bodies stay in the log.
        logger.warn({ err: error, code: refusal.code, requestId: call.requestId }, 'a subgraph did not answer a fetch');
        return failedAnswer(refusal);
      }
    },
    async isReady() {
      try {
        const signal = AbortSignal.timeout(READY_TIMEOUT_MS);
        const { statusCode, body } = await pool.request({ method: 'GET', path: pathOf('/readyz'), signal });
        await body.dump({ limit: MAX_READY_BYTES });
        return statusCode === 200;
      } catch {
        return false;
      }
    },
    stop: () => (stopping ??= pool.destroy()),
  };
}

class UnexpectedStatus extends Error {
  override name = 'UnexpectedStatus';
  readonly status: number;
  constructor(status: number) {
    super(`The subgraph answered with HTTP status ${status}.`);
    this.status = status;
  }
}

// GraphQL over HTTP answers a request that cannot run with 400 and a GraphQL result; that one is read. Everything else that is not
// a success is no answer of the graph: a redirect, a proxy that found nobody, a subgraph that refuses our token.
function refuseStatus({ statusCode, body }: Dispatcher.ResponseData): void {
  if ((statusCode >= 200 && statusCode < 300) || statusCode === 400) return;
  discardBody(body);
  throw new UnexpectedStatus(statusCode);
}

function toDomainError(error: unknown): DomainError {
  if (error instanceof UnusableBody) return subgraphMalformedResponse();
  if (error instanceof UnexpectedStatus && error.status >= 300 && error.status < 400)
    return subgraphMalformedResponse();
  if (error instanceof Error && error.name === 'TimeoutError') return subgraphTimeout();
  if (error instanceof Error && 'code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT') return subgraphTimeout();
  return subgraphUnavailable();
}
