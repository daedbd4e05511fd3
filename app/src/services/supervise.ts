import { setTimeout as sleep } from 'node:timers/promises';

import { SECOND } from '@tributary/kit/clock';
import type { Handle } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import { ServiceError } from './errors.ts';
import type { ServiceProcess } from './processes.ts';
import { becomesReady, spawnProcess } from './spawn-process.ts';
import type { Child } from './spawn-process.ts';

// Keeps one process running. A process that dies is started again: at once the first time, then more and more slowly while it dies
// young. One that was never ready, or that does not become ready any more, is given up.

export interface Supervised extends Handle {
  /** Rejects when the process ends before it was ready for the first time. */
  readonly ready: Promise<void>;
  /** Resolves when the process is given up after it had been ready. */
  readonly failure: Promise<Error>;
}

export interface BackOff {
  firstMs: number;
  maxMs: number;
  /** A process that lives this long after it was ready counts as healthy again. */
  healthyMs: number;
  /** Restarts in a row that did not become ready, after which it is given up. */
  attempts: number;
}

const BACK_OFF: BackOff = { firstMs: 100, maxMs: 5 * SECOND, healthyMs: 10 * SECOND, attempts: 8 };

export function superviseProcess(
  process: ServiceProcess,
  { logger, surroundings }: { logger: Logger; surroundings: Readonly<Record<string, string>> },
  backOff: BackOff = BACK_OFF,
): Supervised {
  const { name } = process;
  const ready = Promise.withResolvers<undefined>();
  const failure = Promise.withResolvers<Error>();
  const stopSignal = new AbortController();
  let child: Child = start();
  let killed = false;
  ready.promise.catch(() => undefined); // a start that is broken off has nobody waiting for it
  const ended = run();
  let stopping: Promise<void> | undefined;

  function start(): Child {
    return spawnProcess(process.main, { ...surroundings, ...process.settings });
  }

  async function run(): Promise<void> {
    let wasReady = false;
    let failedStarts = 0;
    let delayMs = backOff.firstMs;
    for (;;) {
      const isReady = await becomesReady(process, child, stopSignal.signal);
      const readyAt = Date.now();
      if (isReady) {
        logger.info({ service: name, pid: child.pid, url: process.url }, 'the process is ready');
        ready.resolve(undefined);
        [wasReady, failedStarts] = [true, 0];
      } else if (!stopSignal.signal.aborted) child.kill('SIGKILL'); // hangs, or has ended already
      const how = await child.ended;
      if (stopSignal.signal.aborted) return;

      failedStarts += isReady ? 0 : 1;
      if (!wasReady)
        return ready.reject(new ServiceError(`The process "${name}" did not start: it ended with ${how}.`));
      if (failedStarts > backOff.attempts)
        return failure.resolve(
          new ServiceError(
            `The process "${name}" is given up: ${failedStarts} starts in a row failed, the last with ${how}.`,
          ),
        );
      if (isReady && Date.now() - readyAt >= backOff.healthyMs) delayMs = backOff.firstMs;
      logger.warn({ service: name, how, delayMs }, 'the process ended and is started again');
      await sleep(delayMs, undefined, { signal: stopSignal.signal }).catch(() => undefined);
      if (stopSignal.signal.aborted) return;
      delayMs = Math.min(delayMs * 2, backOff.maxMs);
      child = start();
    }
  }

  async function stop(): Promise<void> {
    stopSignal.abort();
    child.kill('SIGTERM');
    const timer = setTimeout(() => {
      killed = true;
      child.kill('SIGKILL');
    }, process.stopTimeoutMs);
    await ended;
    clearTimeout(timer);
    if (killed) throw new ServiceError(`The process "${name}" did not stop in time and was killed.`);
  }

  return { ready: ready.promise, failure: failure.promise, stop: () => (stopping ??= stop()) };
}
