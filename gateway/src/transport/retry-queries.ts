import { setTimeout as delay } from 'node:timers/promises';

import { toAbortSignal } from '@tributary/kit/cancellation';
import type { CancelSignal } from '@tributary/kit/cancellation';
import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';

import { FetchFailure } from './subgraph-transport.ts';
import type { SubgraphAnswer, SubgraphTransport } from './subgraph-transport.ts';

// A query that found nobody is asked again: a subgraph that is being replaced, a connection that was closed at the wrong moment.
// Mutations and subscriptions never are: nobody knows what a lost answer has done already.

export interface RetrySettings {
  /** How often one query is sent again; 0 switches it off. */
  max: number;
  /** Whether a query that was not answered in time is sent again as well. */
  timeouts: boolean;
  /**
   * Calls added for every hundred that the subgraph gets anyway. A subgraph that is down must not be kept down by all the callers who
   * ask twice.
   */
  budgetPercent: number;
}

export interface RetryDeps {
  settings: RetrySettings;
  clock: Clock;
  /** From 0 to 1, 1 excluded. */
  random?: () => number;
}

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = SECOND;

/** The same transport; a query that surely was not answered is sent again, after a random pause, if the deadline and the budget allow it. */
export function retryQueries(
  transport: SubgraphTransport,
  { settings, clock, random = Math.random }: RetryDeps,
): SubgraphTransport {
  const budget = createRetryBudget(settings.budgetPercent);

  function isRetried({ failure }: SubgraphAnswer): boolean {
    return failure === FetchFailure.unreachable || (settings.timeouts && failure === FetchFailure.timeout);
  }

  return {
    ...transport,
    async execute(fetch, call, operationKind) {
      let answer = await transport.execute(fetch, call, operationKind);
      if (operationKind !== 'query') return answer;
      if (answer.failure !== FetchFailure.unsent) budget.earn();
      for (let retry = 0; retry < settings.max && isRetried(answer); retry += 1) {
        const pauseMs = random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** retry);
        if (clock.now().getTime() + pauseMs >= call.deadline || !budget.spend()) break;
        if (!(await paused(pauseMs, call.signal))) break;
        answer = await transport.execute(fetch, call, operationKind);
      }
      return answer;
    },
  };
}

/** False when nobody waits any more. */
async function paused(ms: number, signal: CancelSignal | undefined): Promise<boolean> {
  try {
    await delay(ms, undefined, signal && { signal: toAbortSignal(signal) });
    return true;
  } catch {
    return false;
  }
}

const FULL_CALL = 100;
const MAX_SAVED_CALLS = 10;

/** A bucket of tokens: each call earns a part of a retry. It starts empty and holds few, so the share holds at any time. */
function createRetryBudget(percent: number): { earn(): void; spend(): boolean } {
  let saved = 0;
  return {
    earn() {
      saved = Math.min(saved + percent, MAX_SAVED_CALLS * FULL_CALL);
    },
    spend() {
      if (saved < FULL_CALL) return false;
      saved -= FULL_CALL;
      return true;
    },
  };
}
