import { Pool } from 'undici';

import { toAbortSignal } from '@tributary/kit/cancellation';
import type { Clock } from '@tributary/kit/clock';
import { MINUTE } from '@tributary/kit/clock';
import type { Handle } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import { subgraphTimeout } from '../errors.ts';
import type { CallHeaders } from './call-headers.ts';
import { failedAnswer, refusalOf } from './check-answer.ts';
import { subscribeOverSse } from './subscribe-sse.ts';
import { subscribeOverWebSocket } from './subscribe-websocket.ts';
import { FetchFailure, SubscriptionLost } from './subgraph-transport.ts';
import type { SubgraphAnswer, SubgraphTransport } from './subgraph-transport.ts';
import { subscriptionAnswers } from './subscription-answers.ts';

/** How a subgraph is subscribed to. */
export interface SubscriptionOptions {
  /** `sse`: server-sent events (GraphQL over SSE, distinct connections); `websocket`: the protocol graphql-transport-ws. */
  protocol?: 'sse' | 'websocket';
  /** Where it listens; the URL of its queries unless told otherwise, for a WebSocket with `ws:` or `wss:`. */
  url?: string;
  /** A subscription that is silent for longer counts as lost; comments and pings are no silence. 0 waits forever. */
  idleTimeoutMs?: number;
  maxEventBytes?: number;
}

export interface HttpSubscriptionsDeps {
  /** Where the subgraph answers queries. */
  url: string;
  options: SubscriptionOptions;
  headers: CallHeaders;
  clock: Clock;
  /** Of the subgraph. */
  logger: Logger;
  /** Longest time for the start of a subscription. */
  timeoutMs: number;
  answerFor: (error: unknown) => SubgraphAnswer;
}

const IDLE_TIMEOUT_MS = MINUTE;
const MAX_EVENT_BYTES = 1024 * 1024;

/** Subscriptions over HTTP. `stop()` cuts those that are open. */
export function createHttpSubscriptions({
  url,
  options,
  headers,
  clock,
  logger,
  timeoutMs,
  answerFor,
}: HttpSubscriptionsDeps): Handle & Pick<SubgraphTransport, 'subscribe'> {
  const { protocol = 'sse', idleTimeoutMs = IDLE_TIMEOUT_MS, maxEventBytes = MAX_EVENT_BYTES } = options;
  const address = new URL(options.url ?? url);
  if (protocol === 'websocket') address.protocol = address.protocol.replace(/^http/, 'ws');
  const stopped = new AbortController();
  // Each subscription keeps a connection, so they do not share those of the queries, and are not counted here.
  let pool: Pool | null = null;
  const limits = { idleTimeoutMs, maxEventBytes };

  const start: SubgraphTransport['subscribe'] = async (request, call) => {
    const remainingMs = Math.ceil(Math.min(timeoutMs, call.deadline - clock.now().getTime()));
    if (remainingMs <= 0) return failedAnswer(subgraphTimeout(), FetchFailure.unsent);
    const signal = call.signal ? AbortSignal.any([toAbortSignal(call.signal), stopped.signal]) : stopped.signal;
    const called = await headers(call, { operationKind: 'subscription', remainingMs });
    const common = { headers: called, timeoutMs: remainingMs, signal, ...limits };
    if (protocol === 'websocket') {
      const events = await subscribeOverWebSocket({ ...common, url: address.href, request });
      return subscriptionAnswers(events, call.signal);
    }
    pool ??= new Pool(address.origin, { connections: null, connect: { timeout: timeoutMs } });
    const path = address.pathname + address.search;
    const { body = JSON.stringify(request) } = request;
    const started = await subscribeOverSse(pool, { ...common, path, body });
    return 'events' in started ? subscriptionAnswers(started.events, call.signal) : refusalOf(started.answer);
  };

  return {
    async subscribe(request, call) {
      try {
        return await start(request, call);
      } catch (error) {
        if (error instanceof SubscriptionLost) return { data: null, errors: error.errors };
        const answer = answerFor(error);
        const facts = { err: error, failure: answer.failure, requestId: call.requestId };
        logger.warn(facts, 'a subgraph did not start a subscription');
        return answer;
      }
    },
    async stop() {
      stopped.abort();
      await pool?.destroy();
    },
  };
}
