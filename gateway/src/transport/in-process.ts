import { toAbortSignal } from '@tributary/kit/cancellation';
import type { Clock } from '@tributary/kit/clock';
import type { Subgraph } from '@tributary/kit/subgraph';

import { subgraphTimeout, subgraphUnavailable } from '../errors.ts';
import { checkAnswer, failedAnswer, refusalOf } from './check-answer.ts';
import { FetchFailure } from './subgraph-transport.ts';
import type { SubgraphAnswer, SubgraphTransport } from './subgraph-transport.ts';
import { subscriptionAnswers } from './subscription-answers.ts';

type Started = AsyncIterable<SubgraphAnswer> | SubgraphAnswer;

/**
 * Calls a subgraph that runs in this process, with the principal itself in place of an internal token. The subgraph stays
 * somebody else's: `stop()` does nothing.
 */
export function createInProcessTransport(subgraph: Subgraph, { clock }: { clock: Clock }): SubgraphTransport {
  return {
    name: subgraph.name,
    execute(request, call) {
      const run = async () => checkAnswer(await subgraph.execute(request, call));
      return withinDeadline(run, call.deadline - clock.now().getTime());
    },
    async subscribe(request, call) {
      const { signal, ...rest } = call;
      const cancel = new AbortController();
      const canceled = signal ? AbortSignal.any([toAbortSignal(signal), cancel.signal]) : cancel.signal;
      const start = async (): Promise<Started> => {
        const started = await subgraph.subscribe?.(request, { ...rest, signal: canceled });
        if (started === undefined) return failedAnswer(subgraphUnavailable(), FetchFailure.broken);
        return Symbol.asyncIterator in started ? subscriptionAnswers(started, canceled) : refusalOf(started);
      };
      const started = await withinDeadline(start, call.deadline - clock.now().getTime());
      if ('errors' in started) cancel.abort(); // it may still be starting
      return started;
    },
    isReady: () => subgraph.isReady().catch(() => false),
    stop: async () => undefined,
  };
}

// A promise cannot be taken back: the subgraph watches the deadline itself, and what it answers later is dropped.
async function withinDeadline<T>(run: () => Promise<T>, remainingMs: number): Promise<T | SubgraphAnswer> {
  if (remainingMs <= 0) return failedAnswer(subgraphTimeout(), FetchFailure.unsent);
  const { promise: expired, resolve } = Promise.withResolvers<SubgraphAnswer>();
  const timer = setTimeout(() => resolve(failedAnswer(subgraphTimeout(), FetchFailure.timeout)), remainingMs);
  try {
    return await Promise.race([run(), expired]);
  } catch {
    return failedAnswer(subgraphUnavailable(), FetchFailure.broken); // a subgraph promises not to reject
  } finally {
    clearTimeout(timer);
  }
}
