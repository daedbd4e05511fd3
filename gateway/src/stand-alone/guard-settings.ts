import { MINUTE } from '@tributary/kit/clock';

import { DEFAULT_GUARDS } from '../transport/guarded-transport.ts';
import type { TransportGuards } from '../transport/guarded-transport.ts';
import { flag, section, whole } from './config-shape.ts';
import type { Read } from './config-shape.ts';

// What a config file may say about subgraphs that fail.

export type GuardSettings = Read<ReturnType<typeof describeGuards>>;

export function describeGuards() {
  const { retries, breaker, concurrency } = DEFAULT_GUARDS;
  return section({
    retries: section({
      max: whole({
        min: 0,
        max: 5,
        fallback: retries.max,
        meaning: 'how often a query that found nobody is sent again; `0`: never',
      }),
      timeouts: flag({
        fallback: retries.timeouts,
        meaning: 'whether a query that was not answered in time is sent again too',
      }),
      percent: whole({
        min: 0,
        max: 100,
        fallback: retries.budgetPercent,
        meaning: 'calls that retries may add to a hundred others of a subgraph',
      }),
    }),
    breaker: section({
      percent: whole({
        min: 1,
        max: 100,
        fallback: breaker.failurePercent,
        meaning: 'share of failed calls at which a subgraph is left alone',
      }),
      calls: whole({
        min: 1,
        max: 1_000_000,
        fallback: breaker.minCalls,
        meaning: 'calls that are needed to conclude that',
      }),
      windowMs: whole({ min: 100, max: 10 * MINUTE, fallback: breaker.windowMs, meaning: 'how far back calls count' }),
      openMs: whole({
        min: 100,
        max: 10 * MINUTE,
        fallback: breaker.openMs,
        meaning: 'how long it is left alone before one call tries',
      }),
    }),
    queue: whole({
      min: 0,
      max: 1_000_000,
      fallback: concurrency.queue,
      meaning: 'fetches that wait for a connection to a subgraph; more are refused',
    }),
  });
}

/** `connections`: to the subgraph, each for one fetch at a time. */
export function toTransportGuards(
  { retries, breaker, queue }: GuardSettings,
  connections = DEFAULT_GUARDS.concurrency.max,
): TransportGuards {
  return {
    retries: { max: retries.max, timeouts: retries.timeouts, budgetPercent: retries.percent },
    breaker: {
      failurePercent: breaker.percent,
      minCalls: breaker.calls,
      windowMs: breaker.windowMs,
      openMs: breaker.openMs,
    },
    concurrency: { max: connections, queue },
  };
}
