import type { Handle } from '@tributary/kit/lifecycle';

/** Looks again and again, one look at a time. */
export interface Poll extends Handle {
  /** Looks now; when a look is under way, once more after it. */
  readonly lookNow: () => void;
}

/** `look` must not reject. Stopping waits for a look that is under way. */
export function startPoll(look: () => Promise<void>, intervalMs: number): Poll {
  let looking: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let timer = setTimeout(lookNow, intervalMs);
  timer.unref();

  async function lookOnce(): Promise<void> {
    clearTimeout(timer);
    do {
      again = false;
      await look();
    } while (again && !stopped);
    looking = null;
    if (!stopped) timer = setTimeout(lookNow, intervalMs).unref();
  }

  function lookNow(): void {
    if (stopped) return;
    again = true;
    looking ??= lookOnce();
  }

  return {
    lookNow,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
