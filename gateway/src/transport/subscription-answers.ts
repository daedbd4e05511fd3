import type { CancelSignal } from '@tributary/kit/cancellation';

import { subgraphMalformedResponse, subgraphUnavailable } from '../errors.ts';
import { checkAnswer, failedAnswer, malformedAnswer } from './check-answer.ts';
import { UnusableBody } from './read-body.ts';
import { FetchFailure, SubscriptionLost } from './subgraph-transport.ts';
import type { SubgraphAnswer } from './subgraph-transport.ts';

const END = { done: true, value: undefined } as const;

/**
 * The events of a subgraph, checked. `events` throws whatever tells that it was cut off; an event that is no GraphQL result ends the
 * stream as well, for what it should have said is lost. Ends at once when `signal` is aborted, even while an event is awaited.
 */
export function subscriptionAnswers(
  events: AsyncIterable<unknown>,
  signal: CancelSignal | undefined,
): AsyncIterableIterator<SubgraphAnswer, undefined> {
  const source = events[Symbol.asyncIterator]();
  let hasEnded = false;
  let waiting: ((end: typeof END) => void) | null = null;

  const close = () => {
    if (hasEnded) return;
    hasEnded = true;
    signal?.removeEventListener('abort', end);
    // A source that is busy lets go when it can; nobody waits for that.
    void Promise.resolve(source.return?.()).catch(() => undefined);
  };
  // Who waits for an event is told at once, whatever the source does.
  const end = () => {
    close();
    waiting?.(END);
  };
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true) end();

  async function read(): Promise<IteratorResult<SubgraphAnswer, undefined>> {
    try {
      const next = await source.next();
      if (next.done !== true) return { done: false, value: checkEvent(next.value) };
      close();
      return END;
    } catch (error) {
      if (hasEnded) return END;
      close();
      throw error instanceof SubscriptionLost ? error : lostBecause(error);
    }
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      if (hasEnded) return Promise.resolve(END);
      const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<SubgraphAnswer, undefined>>();
      waiting = resolve;
      read().then(resolve, reject);
      return promise;
    },
    async return() {
      end();
      return END;
    },
  };
}

function lostBecause(cause: unknown): SubscriptionLost {
  const answer =
    cause instanceof UnusableBody ? malformedAnswer() : failedAnswer(subgraphUnavailable(), FetchFailure.unreachable);
  return new SubscriptionLost(answer.errors, { cause });
}

// A result with errors and without `data` says that the operation did not run, or does not run any longer.
function checkEvent(event: unknown): SubgraphAnswer {
  const answer = checkAnswer(event);
  const hasData = typeof event === 'object' && event !== null && 'data' in event && event.data !== undefined;
  if (!hasData) throw new SubscriptionLost(answer.errors);
  if (answer.data === null && answer.errors.some(isMalformed)) throw new SubscriptionLost(answer.errors);
  return answer;
}

const { code: MALFORMED } = subgraphMalformedResponse();

function isMalformed({ code }: { code: string }): boolean {
  return code === MALFORMED;
}
