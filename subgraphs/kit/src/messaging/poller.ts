import type { Handle } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';

export interface Poller extends Handle {
  /** Runs soon, also when a run is under way right now. */
  wake(): void;
}

export interface PollerOptions {
  name: string;
  /** Longest pause between two runs. */
  intervalMs: number;
  /** Does what there is to do. True: there may be more, run again at once. Must come to an end soon after `signal` fires. */
  run: (signal: AbortSignal) => Promise<boolean>;
  logger: Logger;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Runs something again and again, one run at a time: at once when woken, and after the interval to be sure. After a failure it pauses, for
 * longer each time, and goes on. `stop()` waits for the run that is under way.
 */
export function startPoller({ name, intervalMs, run, logger }: PollerOptions): Poller {
  const abort = new AbortController();
  const { signal } = abort;
  let wakeUp: (() => void) | undefined;
  let woken = false;
  let failures = 0;

  const pause = (ms: number, untilWoken: boolean) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(finish, ms);
      signal.addEventListener('abort', finish, { once: true });
      if (untilWoken) wakeUp = finish;
      function finish() {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        wakeUp = undefined;
        resolve();
      }
    });

  async function loop() {
    while (!signal.aborted) {
      woken = false;
      try {
        const more = await run(signal);
        failures = 0;
        if (!more && !woken && !signal.aborted) await pause(intervalMs, true);
      } catch (err) {
        if (signal.aborted) return;
        failures += 1;
        logger.warn({ err, name, failures }, 'a background task failed and will be repeated');
        await pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), false);
      }
    }
  }

  const running = loop();
  return {
    wake() {
      woken = true;
      wakeUp?.();
    },
    async stop() {
      abort.abort();
      await running;
    },
  };
}
