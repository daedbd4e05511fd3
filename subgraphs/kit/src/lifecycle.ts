/** Something that was started and can be stopped. `stop()` may be called any number of times; all calls share one promise. */
export interface Handle {
  stop(): Promise<void>;
}

/**
 * Collects what was acquired and releases it in reverse order, exactly once. A release that fails does not keep the
 * others from running; the failures are thrown together at the end.
 */
export class ReleaseStack implements Handle {
  #releases: (() => Promise<void> | void)[] = [];
  #stopping: Promise<void> | undefined;

  /** Registers a release. Call it right after the acquisition, so that a later failure still releases it. */
  defer(release: () => Promise<void> | void): void {
    this.#releases.push(release);
  }

  /** Registers `handle.stop` and returns the handle. */
  use<T extends Handle>(handle: T): T {
    this.defer(() => handle.stop());
    return handle;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#releaseAll();
    return this.#stopping;
  }

  async #releaseAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const release of this.#releases.reverse()) {
      try {
        await release();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, 'Several parts did not stop cleanly.');
  }
}

/** Runs `start` with a stack; when it fails, everything acquired so far is released before the error goes on. */
export async function startWith<T>(start: (stack: ReleaseStack) => Promise<T>): Promise<T> {
  const stack = new ReleaseStack();
  try {
    return await start(stack);
  } catch (error) {
    await stack.stop().catch(() => undefined); // the first failure is the one worth telling
    throw error;
  }
}
