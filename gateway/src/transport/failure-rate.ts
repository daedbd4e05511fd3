import type { IBreaker } from 'cockatiel';
import { CircuitState } from 'cockatiel';

import type { Clock } from '@tributary/kit/clock';

// How many of the latest calls failed. The window moves with the time and not with the calls: failures of this morning do not count.

export interface FailureRateSettings {
  /** Share of failed calls that is too much, from 1 to 100. */
  failurePercent: number;
  /** With fewer calls within the window nothing is concluded. */
  minCalls: number;
  windowMs: number;
}

interface Bucket {
  /** Number of the stretch of time it counts. */
  stretch: number;
  calls: number;
  failures: number;
}

const BUCKETS = 10;

/** Tells the circuit breaker when to open. */
export function createFailureRate({ failurePercent, minCalls, windowMs }: FailureRateSettings, clock: Clock): IBreaker {
  const buckets: Bucket[] = Array.from({ length: BUCKETS }, () => ({ stretch: -BUCKETS, calls: 0, failures: 0 }));
  const stretchMs = windowMs / BUCKETS;

  function count(failures: 0 | 1): number {
    const stretch = Math.floor(clock.now().getTime() / stretchMs);
    const bucket = buckets[stretch % BUCKETS]!;
    if (bucket.stretch !== stretch) Object.assign(bucket, { stretch, calls: 0, failures: 0 });
    bucket.calls += 1;
    bucket.failures += failures;
    return stretch;
  }

  return {
    state: undefined, // nothing to be kept beyond the process
    success(state) {
      if (state !== CircuitState.Closed) for (const bucket of buckets) bucket.stretch = -BUCKETS;
      count(0);
    },
    failure(state) {
      const oldest = count(1) - BUCKETS;
      if (state !== CircuitState.Closed) return true;
      let calls = 0;
      let failures = 0;
      for (const bucket of buckets) {
        if (bucket.stretch <= oldest) continue;
        calls += bucket.calls;
        failures += bucket.failures;
      }
      return calls >= minCalls && failures * 100 >= failurePercent * calls;
    },
  };
}
