import { circuitBreaker, CircuitState, handleWhenResult } from 'cockatiel';

import type { Clock } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';

import { subgraphUnavailable } from '../errors.ts';
import { failedAnswer } from './check-answer.ts';
import { createFailureRate } from './failure-rate.ts';
import type { FailureRateSettings } from './failure-rate.ts';
import { FetchFailure } from './subgraph-transport.ts';
import type { SubgraphAnswer, SubgraphTransport } from './subgraph-transport.ts';

// A subgraph that fails most of its calls is left alone for a while: its callers are answered at once, and it gets the time to
// recover. Then one call goes through to see how it is.

export interface BreakerSettings extends FailureRateSettings {
  /** How long nobody is let through before one call is. */
  openMs: number;
}

export interface BreakerDeps {
  settings: BreakerSettings;
  clock: Clock;
  logger: Logger;
}

/** An answer from which nothing follows about the subgraph. Thrown, because the policy counts every result as good or bad. */
class Inconclusive extends Error {
  override name = 'Inconclusive';
  readonly answer: SubgraphAnswer;
  constructor(answer: SubgraphAnswer) {
    super('Nothing follows from this answer.');
    this.answer = answer;
  }
}

/** The same transport; while too many of its calls fail it sends none. */
export function breakCircuit(
  transport: SubgraphTransport,
  { settings, clock, logger }: BreakerDeps,
): SubgraphTransport {
  const rate = createFailureRate(settings, clock);
  const policy = circuitBreaker(handleWhenResult(isFailed), { halfOpenAfter: settings.openMs, breaker: rate });
  // Calls that began before the circuit opened or closed say nothing about the time after it.
  let era = 0;
  let heldUntil = 0;
  policy.onBreak(() => {
    era += 1;
    heldUntil = clock.now().getTime() + settings.openMs;
    logger.warn({ openMs: settings.openMs }, 'most fetches of a subgraph fail, it is left alone for a while');
  });
  policy.onReset(() => {
    era += 1;
    logger.info('a subgraph answers again');
  });

  // The policy would let a call wait for the probe, and throw where the circuit is open: ten times the cost of an answer.
  function isHeld(): boolean {
    if (policy.state === CircuitState.Closed) return false;
    return policy.state !== CircuitState.Open || clock.now().getTime() < heldUntil;
  }

  /** Counted by the policy, which opens or closes the circuit. */
  async function judge(run: () => Promise<SubgraphAnswer>): Promise<SubgraphAnswer> {
    try {
      return await policy.execute(run);
    } catch (error) {
      return error instanceof Inconclusive ? error.answer : held();
    }
  }

  return {
    ...transport,
    execute(fetch, call, operationKind) {
      if (isHeld()) return Promise.resolve(held());
      const startedIn = era;
      if (policy.state === CircuitState.Open) {
        const probe = async () => {
          const answer = await transport.execute(fetch, call, operationKind);
          if (era !== startedIn) throw new Inconclusive(answer);
          return answer;
        };
        return judge(probe);
      }
      return transport.execute(fetch, call, operationKind).then((answer) => {
        if (era !== startedIn || isInconclusive(answer)) return answer;
        if (isFailed(answer)) return judge(async () => answer);
        // What every call of a healthy subgraph would cost with the policy is more than all the rest of this file.
        rate.success(CircuitState.Closed);
        return answer;
      });
    },
  };
}

const held = () => failedAnswer(subgraphUnavailable(), FetchFailure.unsent);

// A probe that nobody waited for has shown nothing good, so the circuit stays open.
function isFailed(answer: unknown): boolean {
  const { failure } = answer as SubgraphAnswer;
  return failure !== undefined && failure !== FetchFailure.rejected;
}

function isInconclusive({ failure }: SubgraphAnswer): boolean {
  return failure === FetchFailure.unsent || failure === FetchFailure.canceled;
}
