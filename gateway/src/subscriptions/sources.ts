import type { FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';

import type { Clock } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { RequestRecord } from '../context.ts';
import { subgraphUnavailable, supergraphChanged } from '../errors.ts';
import { SubscriptionBroken } from '../execution/plan-executor.ts';
import type { PlanResult, PreparedOperation } from '../execution/plan-executor.ts';
import { createPrincipalIdentity } from '../transport/call-headers.ts';
import { codeOf, endedBy, StreamEnded } from './stream-ended.ts';
import type { RequestedSubscription } from './stream-request.ts';

// Where events come from. Clients that nobody could tell apart and that ask for the same share one subscription to the subgraph, one
// execution of each event and one text of its result.

/** What one event is to a client. It is shared: nobody changes it. */
export interface StreamEvent {
  result: FormattedExecutionResult;
  /** The same as JSON. */
  text: string;
  codes: readonly string[];
}

export interface Subscriber {
  push(event: StreamEvent): void;
  /** The source has no more events; `ended` when it did not complete. */
  end(ended?: StreamEnded): void;
}

export interface SourcesDeps {
  /** Errors on their way to the client whose record it is. */
  formatErrors: (errors: readonly GraphQLError[], record: RequestRecord) => readonly GraphQLFormattedError[];
  clock: Clock;
  logger: Logger;
  /** Time that the fetches of one event may take. */
  deadlineMs: number;
}

export interface Sources {
  /** Resolves when events can come, or to what keeps them from it. `leave` may be called at any time, and more than once. */
  join(
    subscription: RequestedSubscription,
    subscriber: Subscriber,
    record: RequestRecord,
  ): { opened: Promise<StreamEnded | null>; leave: () => void };
}

interface Source {
  subscribers: Set<Subscriber>;
  cancel: AbortController;
  opened: Promise<StreamEnded | null>;
}

export function createSources({ formatErrors, clock, logger, deadlineMs }: SourcesDeps): Sources {
  const sources = new Map<string, Source>();
  const keyOf = createKeys();

  function start(key: string, asked: RequestedSubscription, record: RequestRecord): Source {
    const { prepared, variables, call, retired } = asked;
    const cancel = new AbortController();
    const subscribers = new Set<Subscriber>();
    // The call of the one who came first, who may leave long before the others.
    const callFor = (deadline: number): SubgraphCall => ({ ...call, deadline, signal: cancel.signal });
    const format = (errors: readonly GraphQLError[]) => formatErrors(errors, record);

    function end(ended?: StreamEnded): void {
      if (sources.get(key) === source) sources.delete(key);
      for (const subscriber of subscribers) subscriber.end(ended);
    }

    async function run(events: AsyncIterable<PlanResult>): Promise<void> {
      let ended: StreamEnded | undefined;
      try {
        for await (const result of events) {
          const event = toEvent(result, format);
          for (const subscriber of subscribers) subscriber.push(event);
        }
      } catch (error) {
        const isBroken = error instanceof SubscriptionBroken;
        logger.warn({ err: isBroken ? error.cause : error, requestId: call.requestId }, 'a subscription was lost');
        ended = isBroken ? new StreamEnded(format(error.errors)) : endedBy(subgraphUnavailable());
      }
      retired.removeEventListener('abort', retire);
      end(ended);
    }

    function retire(): void {
      end(endedBy(supergraphChanged()));
      cancel.abort();
    }

    async function open(): Promise<StreamEnded | null> {
      if (retired.aborted) return endedBy(supergraphChanged());
      const answer = await prepared.subscribe({
        variables,
        call: callFor(call.deadline),
        eventCall: () => callFor(clock.now().getTime() + deadlineMs),
      });
      if (Symbol.asyncIterator in answer) {
        retired.addEventListener('abort', retire, { once: true });
        if (retired.aborted) retire();
        void run(answer);
        return null;
      }
      if (sources.get(key) === source) sources.delete(key);
      return new StreamEnded(format(answer.errors ?? []));
    }

    const source: Source = { subscribers, cancel, opened: open() };
    return source;
  }

  return {
    join(subscription, subscriber, record) {
      const key = keyOf(subscription);
      let source = sources.get(key);
      if (!source) sources.set(key, (source = start(key, subscription, record)));
      const { subscribers, cancel, opened } = source;
      subscribers.add(subscriber);
      const joined = source;
      return {
        opened,
        leave() {
          if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
          if (sources.get(key) === joined) sources.delete(key);
          cancel.abort();
        },
      };
    },
  };
}

/** Equal for subscriptions whose events are the same: the same operation and variables for the same caller. */
function createKeys(): (subscription: RequestedSubscription) => string {
  const identityOf = createPrincipalIdentity();
  const numbers = new WeakMap<PreparedOperation, number>();
  let last = 0;
  return ({ prepared, variables, call }) => {
    let number = numbers.get(prepared);
    if (number === undefined) numbers.set(prepared, (number = last += 1));
    return JSON.stringify([number, variables, identityOf(call), call.headers ?? null]);
  };
}

function toEvent(
  { data, errors = [] }: PlanResult,
  format: (errors: readonly GraphQLError[]) => readonly GraphQLFormattedError[],
): StreamEvent {
  const formatted = errors.length === 0 ? [] : format(errors);
  const result: FormattedExecutionResult = {
    ...(formatted.length > 0 && { errors: formatted }),
    ...(data !== undefined && { data }),
  };
  return { result, text: JSON.stringify(result), codes: formatted.flatMap((error) => codeOf(error) ?? []) };
}
