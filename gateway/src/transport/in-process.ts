import type { Clock } from '@tributary/kit/clock';
import type { Subgraph } from '@tributary/kit/subgraph';

import { subgraphTimeout, subgraphUnavailable } from '../errors.ts';
import { checkAnswer, failedAnswer } from './check-answer.ts';
import { FetchFailure } from './subgraph-transport.ts';
import type { SubgraphAnswer, SubgraphTransport } from './subgraph-transport.ts';

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
    isReady: () => subgraph.isReady().catch(() => false),
    stop: async () => undefined,
  };
}

// A promise cannot be taken back: the subgraph watches the deadline itself, and what it answers later is dropped.
async function withinDeadline(run: () => Promise<SubgraphAnswer>, remainingMs: number): Promise<SubgraphAnswer> {
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
