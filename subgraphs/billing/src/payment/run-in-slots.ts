import type { Logger } from '@tributary/kit';

// Does many things at a time, though never more than there are slots. A slot that becomes free is filled again at once, so one thing that
// takes long holds up nothing else.

export interface TakenTask {
  id: string;
  takenAt: string;
}

export interface SlotsOptions<Task extends TakenTask> {
  name: string;
  slots: number;
  /** Pause between two looks for what is due, while something is under way. */
  pauseMs: number;
  /** Takes tasks that were due at a time, of those before `takenAt` is one; null: now. They are nobody else's for long enough to be done. */
  take: (limit: number, dueBy: string | null) => Promise<readonly Task[]>;
  /** Never rejects. */
  work: (task: Task) => Promise<void>;
  logger: Logger;
}

/**
 * What a job runs: looks for what is due, and ends when nothing is under way anymore. What becomes due after a look began, as what was
 * done in vain, is left to the next look. Once the signal fires nothing more is taken. Rejects when nothing can be taken.
 */
export function runInSlots<Task extends TakenTask>({
  name,
  slots,
  pauseMs,
  take,
  work,
  logger,
}: SlotsOptions<Task>): (signal: AbortSignal) => Promise<boolean> {
  return async (signal) => {
    const underWay = new Set<string>();
    let dueBy: string | null = null;
    let mayTake = true;
    let changed = Promise.withResolvers<undefined>();
    let nextLook: NodeJS.Timeout | undefined;

    function start(task: Task): void {
      const { id } = task;
      if (underWay.has(id)) return; // taken again because it takes so long; still one answer is waited for
      underWay.add(id);
      void work(task).finally(() => {
        underWay.delete(id);
        changed.resolve(undefined);
      });
    }

    function endLook(): void {
      mayTake = false;
      nextLook = setTimeout(() => {
        [mayTake, dueBy] = [true, null];
        changed.resolve(undefined);
      }, pauseMs);
    }

    async function fill(free: number): Promise<void> {
      try {
        const tasks = await take(free, dueBy);
        dueBy ??= tasks[0]?.takenAt ?? null;
        tasks.forEach(start);
        if (tasks.length < free) endLook();
      } catch (err) {
        if (underWay.size === 0) throw err;
        logger.warn({ err, name }, 'nothing can be taken while the rest is under way');
        endLook();
      }
    }

    try {
      for (;;) {
        changed = Promise.withResolvers(); // before looking: what ends meanwhile must not be missed
        while (mayTake && underWay.size < slots && !signal.aborted) await fill(slots - underWay.size);
        if (underWay.size === 0) return false;
        await changed.promise;
      }
    } finally {
      clearTimeout(nextLook);
    }
  };
}
