import { performance } from 'node:perf_hooks';

import type { Clock } from '@tributary/kit/clock';

import type { PlanExecutor, PlanRequest } from './plan-executor.ts';

// While the process has more to do than it can, runs that have begun are finished before others begin. Otherwise all that has arrived
// would be half done at any time: as much data to be moved by each collection of garbage, and an answer for nobody until the end.

export interface TurnOptions {
  clock: Clock;
  /** Events that the loop has handled since it began. */
  countEvents?: () => number;
}

/** Does a piece of work when it is its turn. Turns come in the order in which they are asked for. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Runs that are under way at any time, so that the answers of subgraphs come in while others are worked on. */
const AT_ONCE = 6;
/** For runs that would wait for a slow subgraph of others, while something else keeps the process busy. */
const MAX_WAIT_MS = 250;

/**
 * A few pieces of work are under way at any time. More begin as soon as the event loop finds nothing to do, which is at once unless the
 * process is busy; or one with each of its rounds, when they have waited for a quarter of a second.
 */
export function createTurns({ clock, countEvents = eventsOfLoop }: TurnOptions): InTurn {
  const waiting: { since: number; begin: () => void }[] = [];
  let underWay = 0;
  let isWatching = false;
  let handled = 0;

  function beginNext(): void {
    const next = waiting.shift();
    if (!next) return;
    underWay += 1;
    next.begin();
  }

  // With something left to call, the loop does not wait for events, so what it has not handled is not there.
  function watch(): void {
    const before = handled;
    handled = countEvents();
    const [oldest] = waiting;
    const isIdle = handled === before;
    if (isIdle || (oldest && clock.now().getTime() - oldest.since >= MAX_WAIT_MS)) beginNext();
    isWatching = waiting.length > 0;
    if (isWatching) setImmediate(watch);
  }

  function turn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push({ since: clock.now().getTime(), begin: resolve });
    if (!isWatching) {
      isWatching = true;
      handled = countEvents();
      setImmediate(watch);
    }
    return promise;
  }

  return async (work) => {
    if (underWay < AT_ONCE) underWay += 1;
    else await turn();
    try {
      return await work();
    } finally {
      underWay -= 1;
      if (underWay < AT_ONCE) beginNext();
    }
  };
}

/** The same executor; its runs begin in turn. Subscriptions take none. */
export function runInTurn(executor: PlanExecutor, inTurn: InTurn): PlanExecutor {
  return {
    ...executor,
    prepare(planned) {
      const prepared = executor.prepare(planned);
      return {
        ...prepared,
        execute: (request) => inTurn(() => prepared.execute(request)),
        ...(prepared.executeIncrementally && {
          executeIncrementally: (request: PlanRequest) => inTurn(() => prepared.executeIncrementally!(request)),
        }),
      };
    },
  };
}

function eventsOfLoop(): number {
  return performance.nodeTiming.uvMetricsInfo.events;
}
