import type { ExecutionResult } from 'graphql';

import type { Clock } from '../clock.ts';
import { SECOND } from '../clock.ts';
import { subscriptionExpired } from '../errors.ts';
import type { SubgraphCall } from '../subgraph.ts';
import type { Change } from './change.ts';
import type { ChangeStream } from './change-stream.ts';
import { EventSkipped } from './skip-event.ts';

export interface SubscriptionRun {
  changes: ChangeStream;
  call: SubgraphCall;
  /** Executes the operation for one change. */
  execute: (change: Change, call: SubgraphCall) => Promise<ExecutionResult>;
  /** As the caller may see it. */
  toPublic: (result: ExecutionResult) => ExecutionResult;
  clock: Clock;
  maxLifetimeMs: number;
  onEnd: () => void;
}

const EVENT_BUDGET_MS = 10 * SECOND;

/**
 * One result for each change that is for the subscriber. Each is worked out when it is asked for, with a deadline of its own. Aborting
 * `call.signal`, or returning the iterator, ends it at once, also while a change is awaited. Throws the `DomainError` that ended the changes.
 */
export function runSubscription(run: SubscriptionRun): AsyncIterableIterator<ExecutionResult, undefined> {
  const { changes, call, clock } = run;
  const close = () => void changes.return();
  const expiry = setTimeout(() => changes.fail(subscriptionExpired()), run.maxLifetimeMs).unref();
  let hasEnded = false;
  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(expiry);
    call.signal?.removeEventListener('abort', close);
    close();
    run.onEnd();
  };
  call.signal?.addEventListener('abort', close, { once: true });
  if (call.signal?.aborted) close();

  async function* generate(): AsyncGenerator<ExecutionResult, undefined> {
    try {
      for await (const change of changes) {
        const result = await run.execute(change, { ...call, deadline: clock.now().getTime() + EVENT_BUDGET_MS });
        if (!isSkipped(result)) yield run.toPublic(result);
      }
      return undefined;
    } finally {
      end();
    }
  }

  const results = generate();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => results.next(),
    // A generator that waits for a change does not hear that it is over, so what it waits for is ended first.
    async return() {
      end();
      return results.return(undefined);
    },
  };
}

const isSkipped = ({ errors }: ExecutionResult) =>
  errors?.some(({ originalError }) => originalError instanceof EventSkipped) ?? false;
