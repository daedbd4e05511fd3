import { Pool } from 'undici';

import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import { subgraphTimeout, subgraphUnavailable } from '../errors.ts';
import type { CallHeaders } from './call-headers.ts';
import { checkAnswer, failedAnswer, malformedAnswer } from './check-answer.ts';
import { createHttpSubscriptions } from './http-subscriptions.ts';
import type { SubscriptionOptions } from './http-subscriptions.ts';
import { PostCanceled, postJson, PostTimeout, UnexpectedStatus } from './post-json.ts';
import { parseJson, UnusableBody } from './read-body.ts';
import { FetchFailure } from './subgraph-transport.ts';
import type { OperationKind, SubgraphAnswer, SubgraphFetch, SubgraphTransport } from './subgraph-transport.ts';

export interface HttpTransportOptions {
  name: string;
  /** Where the subgraph answers GraphQL. */
  url: string;
  /** Answers 200 when the subgraph can serve, on the same origin. Without it the subgraph counts as ready. */
  readyPath?: string;
  headers: CallHeaders;
  clock: Clock;
  logger: Logger;
  /** One call takes at most this long, and never longer than the request's deadline. */
  timeoutMs?: number;
  maxAnswerBytes?: number;
  maxConnections?: number;
  subscriptions?: SubscriptionOptions;
}

const TIMEOUT_MS = 10 * SECOND;
const READY_TIMEOUT_MS = 2 * SECOND;
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
const MAX_READY_BYTES = 4_096;
const MAX_CONNECTIONS = 128;

const JSON_HEADERS = {
  accept: 'application/graphql-response+json, application/json',
  'content-type': 'application/json',
};

/** Calls a subgraph over HTTP, on kept-alive connections. Redirects are not followed. */
export function createHttpTransport(options: HttpTransportOptions): SubgraphTransport {
  const { name, clock, headers, readyPath, timeoutMs = TIMEOUT_MS, maxAnswerBytes = MAX_ANSWER_BYTES } = options;
  const url = new URL(options.url);
  const logger = options.logger.child({ subgraph: name });
  const pool = new Pool(url.origin, {
    connections: options.maxConnections ?? MAX_CONNECTIONS,
    connect: { timeout: timeoutMs },
    headersTimeout: 0, // one timer covers connecting, headers and body together
    bodyTimeout: 0,
  });
  const path = url.pathname + url.search;
  const { subscriptions: subscribing = {} } = options;
  const shared = { url: options.url, headers, clock, logger, timeoutMs, answerFor };
  const subscriptions = createHttpSubscriptions({ ...shared, options: subscribing });
  let stopping: Promise<void> | undefined;

  return {
    name,
    async execute(request: SubgraphFetch, call: SubgraphCall, operationKind: OperationKind) {
      const remainingMs = Math.min(timeoutMs, call.deadline - clock.now().getTime());
      if (remainingMs <= 0) return failedAnswer(subgraphTimeout(), FetchFailure.unsent);
      try {
        const chosen = headers(call, { operationKind, remainingMs });
        const bytes = await postJson(pool, {
          path,
          headers: { ...JSON_HEADERS, ...(chosen instanceof Promise ? await chosen : chosen) },
          body: request.body ?? JSON.stringify(request),
          timeoutMs: Math.ceil(remainingMs),
          maxAnswerBytes,
          signal: call.signal,
        });
        return readAnswer(bytes);
      } catch (error) {
        const answer = answerFor(error);
        // Addresses and bodies stay in the log.
        const { failure } = answer;
        logger.warn({ err: error, failure, requestId: call.requestId }, 'a subgraph did not answer a fetch');
        return answer;
      }
    },
    subscribe: (request, call) => subscriptions.subscribe(request, call),
    async isReady() {
      if (readyPath === undefined) return true;
      try {
        const signal = AbortSignal.timeout(READY_TIMEOUT_MS);
        const { statusCode, body } = await pool.request({ method: 'GET', path: readyPath, signal });
        await body.dump({ limit: MAX_READY_BYTES });
        return statusCode === 200;
      } catch {
        return false;
      }
    },
    stop: () => (stopping ??= Promise.all([pool.destroy(), subscriptions.stop()]).then(() => undefined)),
  };
}

// The bytes are what is kept in case somebody needs the data again: unlike a text, they are not moved by collections of garbage.
function readAnswer(bytes: Buffer): SubgraphAnswer {
  const answer = checkAnswer(parseJson(bytes.toString()));
  if (answer.data !== null) answer.parseAgain = () => checkAnswer(parseJson(bytes.toString())).data;
  return answer;
}

// Said by what stands between the gateway and the subgraph, or by a subgraph that is about to stop.
const UNREACHABLE_STATUSES = [502, 503, 504];

function answerFor(error: unknown): SubgraphAnswer {
  if (error instanceof UnusableBody) return malformedAnswer();
  if (error instanceof UnexpectedStatus) return answerForStatus(error.status);
  if (error instanceof PostTimeout || isTimeout(error)) return failedAnswer(subgraphTimeout(), FetchFailure.timeout);
  const failure = error instanceof PostCanceled ? FetchFailure.canceled : FetchFailure.unreachable;
  return failedAnswer(subgraphUnavailable(), failure);
}

function answerForStatus(status: number): SubgraphAnswer {
  if (status >= 300 && status < 400) return malformedAnswer();
  if (UNREACHABLE_STATUSES.includes(status)) return failedAnswer(subgraphUnavailable(), FetchFailure.unreachable);
  const isRejected = status >= 400 && status < 500;
  return failedAnswer(subgraphUnavailable(), isRejected ? FetchFailure.rejected : FetchFailure.broken);
}

const TIMEOUTS: readonly unknown[] = ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'];

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && TIMEOUTS.includes(error.code);
}
