import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';

import { subgraphTimeout, subgraphUnavailable } from '../errors.ts';
import { failedAnswer } from './check-answer.ts';
import { FetchFailure } from './subgraph-transport.ts';
import type { SubgraphAnswer, SubgraphTransport } from './subgraph-transport.ts';

// A slow subgraph must not collect all the work there is: so many fetches are on their way to it, so many wait, the rest is refused.

export interface ConcurrencySettings {
  /** Fetches on their way at a time. */
  max: number;
  /** Fetches that wait for their turn. */
  queue: number;
}

export interface ConcurrencyDeps {
  settings: ConcurrencySettings;
  clock: Clock;
  logger: Logger;
}

const LOG_EVERY_MS = 5 * SECOND;

/** The same transport; fetches beyond its bounds wait for their turn, as long as their deadline allows it, or are refused. */
export function limitConcurrency(
  transport: SubgraphTransport,
  { settings, clock, logger }: ConcurrencyDeps,
): SubgraphTransport {
  let inFlight = 0;
  const waiting = new Set<() => void>(); // in the order in which they came
  const refusals = createRefusalLog({ clock, logger });

  /** Who is next takes the place. */
  function leave(answer: SubgraphAnswer): SubgraphAnswer {
    const [next] = waiting.size === 0 ? [] : waiting;
    if (next) next();
    else inFlight -= 1;
    return answer;
  }

  /** Undefined when it is this fetch's turn; its place is then taken already. */
  function turn({ deadline, signal }: Parameters<SubgraphTransport['execute']>[1]) {
    const { promise, resolve } = Promise.withResolvers<SubgraphAnswer | undefined>();
    const leave = (answer?: SubgraphAnswer) => {
      waiting.delete(start);
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      resolve(answer);
    };
    const start = () => leave();
    const cancel = () => leave(failedAnswer(subgraphUnavailable(), FetchFailure.canceled));
    const timer = setTimeout(
      () => leave(failedAnswer(subgraphTimeout(), FetchFailure.unsent)),
      deadline - clock.now().getTime(),
    );
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    else waiting.add(start);
    return promise;
  }

  const executeLater: SubgraphTransport['execute'] = async (fetch, call, operationKind) => {
    if (waiting.size >= settings.queue) {
      refusals.add();
      return failedAnswer(subgraphUnavailable(), FetchFailure.unsent);
    }
    return (await turn(call)) ?? transport.execute(fetch, call, operationKind).then(leave);
  };

  return {
    ...transport,
    execute(fetch, call, operationKind) {
      if (inFlight < settings.max) {
        inFlight += 1;
        return transport.execute(fetch, call, operationKind).then(leave);
      }
      return executeLater(fetch, call, operationKind);
    },
  };
}

/** One line at a time for all that were refused since the last one: a log that repeats itself helps nobody. */
function createRefusalLog({ clock, logger }: { clock: Clock; logger: Logger }): { add(): void } {
  let count = 0;
  let toldAt = -Infinity;
  return {
    add() {
      count += 1;
      const now = clock.now().getTime();
      if (now - toldAt < LOG_EVERY_MS) return;
      logger.warn({ refused: count }, 'fetches were refused: too many wait for a subgraph');
      toldAt = now;
      count = 0;
    },
  };
}
