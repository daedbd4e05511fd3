// Deadlines of many calls, looked after by one timer. A timer for each call would be another duration each time, which is dear;
// a call that ends up to this much late is not.

const RESOLUTION_MS = 20;

/** A call that is told when its time is up. */
export interface Deadline {
  /** In milliseconds of `performance.now()`. */
  at: number;
  expire: () => void;
}

export interface Deadlines {
  add(deadline: Deadline): void;
  delete(deadline: Deadline): void;
}

export function createDeadlines(): Deadlines {
  const pending = new Set<Deadline>();
  let timer: NodeJS.Timeout | null = null;

  function look(): void {
    timer = null;
    const now = performance.now();
    for (const deadline of [...pending]) if (deadline.at <= now && pending.delete(deadline)) deadline.expire();
    if (pending.size > 0) wait();
  }

  function wait(): void {
    timer ??= setTimeout(look, RESOLUTION_MS);
  }

  return {
    add(deadline) {
      pending.add(deadline);
      wait();
    },
    delete: (deadline) => void pending.delete(deadline),
  };
}
