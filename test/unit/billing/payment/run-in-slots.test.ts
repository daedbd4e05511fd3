import { expect, test } from 'vitest';

import { runInSlots } from '@tributary/billing/payment/run-in-slots';
import { createLogger } from '@tributary/kit/logger';

interface Task {
  id: string;
  takenAt: string;
  dueAt: number;
}

const logger = createLogger({ level: 'silent', name: 'test' });

/** Things that wait to be done, and that end when the test says so. */
function startDesk({ slots = 2, pauseMs = 1 } = {}) {
  const waiting: Pick<Task, 'id' | 'dueAt'>[] = [];
  const underWay = new Map<string, () => void>();
  const begun: string[] = [];
  const looks: { limit: number; dueBy: string | null }[] = [];
  let now = 0;
  let broken = false;
  let most = 0;
  const abort = new AbortController();
  const run = runInSlots<Task>({
    name: 'test',
    slots,
    pauseMs,
    logger,
    async take(limit, dueBy) {
      looks.push({ limit, dueBy });
      await Promise.resolve();
      if (broken) throw new Error('The database is gone.');
      const due = waiting.filter(({ dueAt }) => dueAt <= Number(dueBy ?? now)).slice(0, limit);
      for (const task of due) waiting.splice(waiting.indexOf(task), 1);
      return due.map((task) => ({ ...task, takenAt: String(now) }));
    },
    work(task) {
      const { promise, resolve } = Promise.withResolvers<void>();
      begun.push(task.id);
      underWay.set(task.id, resolve);
      most = Math.max(most, underWay.size);
      return promise;
    },
  });
  return {
    begun,
    looks,
    abort,
    run: () => run(abort.signal),
    add: (...ids: string[]) => void waiting.push(...ids.map((id) => ({ id, dueAt: now }))),
    underWay: () => [...underWay.keys()],
    waiting: () => waiting.map(({ id }) => id),
    most: () => most,
    end(id: string) {
      underWay.get(id)!();
      underWay.delete(id);
    },
    tick: () => void (now += 1),
    break: (isBroken: boolean) => void (broken = isBroken),
  };
}

const soon = { timeout: 5_000, interval: 1 };

test('never more are under way than there are slots, and a slot that becomes free is filled at once', async () => {
  const desk = startDesk({ pauseMs: 60_000 });
  desk.add('a', 'b', 'c', 'd');
  const ended = desk.run();
  await expect.poll(desk.underWay, soon).toEqual(['a', 'b']);
  desk.end('b');
  await expect.poll(desk.underWay, soon).toEqual(['a', 'c']);
  desk.end('c');
  await expect.poll(desk.underWay, soon).toEqual(['a', 'd']);
  for (const id of ['a', 'd']) desk.end(id);
  expect(await ended).toBe(false);
  expect(desk.most()).toBe(2);
});

test('what becomes due while one takes long is done meanwhile', async () => {
  const desk = startDesk();
  desk.add('silent');
  const ended = desk.run();
  for (const id of ['b', 'c', 'd']) {
    desk.tick();
    desk.add(id);
    await expect.poll(desk.underWay, soon).toEqual(['silent', id]);
    desk.end(id);
  }
  desk.end('silent');
  await ended;
});

test('what is put off during a look waits for the next one, so that a run comes to an end', async () => {
  const desk = startDesk({ slots: 1, pauseMs: 60_000 });
  desk.add('a', 'b');
  const ended = desk.run();
  await expect.poll(desk.underWay, soon).toEqual(['a']);
  desk.tick();
  desk.add('a');
  desk.end('a');
  await expect.poll(desk.underWay, soon).toEqual(['b']);
  desk.end('b');
  await ended;
  expect(desk.waiting()).toEqual(['a']);
  expect(desk.looks.map(({ dueBy }) => dueBy)).toEqual([null, '0', '0']);
});

test('one that is taken a second time while it is under way is not begun a second time', async () => {
  const desk = startDesk();
  desk.add('a');
  const ended = desk.run();
  await expect.poll(desk.underWay, soon).toEqual(['a']);
  desk.tick();
  desk.add('a', 'b');
  await expect.poll(desk.underWay, soon).toEqual(['a', 'b']);
  for (const id of ['a', 'b']) desk.end(id);
  await ended;
  expect(desk.begun).toEqual(['a', 'b']);
});

test('whoever is told to stop takes nothing more and waits for what is under way', async () => {
  const desk = startDesk({ slots: 1 });
  desk.add('a', 'b');
  const ended = desk.run().then(() => 'ended');
  await expect.poll(desk.underWay, soon).toEqual(['a']);
  desk.abort.abort();
  expect(await Promise.race([ended, new Promise((resolve) => setImmediate(resolve, 'runs'))])).toBe('runs');
  desk.end('a');
  expect(await ended).toBe('ended');
  expect(desk.waiting()).toEqual(['b']);
  expect(await desk.run()).toBe(false);
  expect(desk.waiting()).toEqual(['b']);
});

test('when nothing can be taken the run fails, but never before what is under way has ended', async () => {
  const desk = startDesk();
  desk.break(true);
  await expect(desk.run()).rejects.toThrow('The database is gone.');
  desk.break(false);
  desk.add('a');
  const ended = desk.run();
  await expect.poll(desk.underWay, soon).toEqual(['a']);
  desk.break(true);
  const looks = desk.looks.length;
  await expect.poll(() => desk.looks.length, soon).toBeGreaterThan(looks + 1);
  desk.break(false);
  desk.tick();
  desk.add('b');
  await expect.poll(desk.underWay, soon).toEqual(['a', 'b']);
  for (const id of ['a', 'b']) desk.end(id);
  await ended;
});
