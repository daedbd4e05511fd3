import { expect, test } from 'vitest';

import { createEventQueue } from '@tributary/gateway/event-queue';

const END = { done: true, value: undefined };

test('events are read in the order in which they came, before or after they are asked for', async () => {
  const queue = createEventQueue<number>();
  queue.push(1);
  queue.push(2);
  expect(queue.size).toBe(2);
  expect([await queue.next(), await queue.next()]).toEqual([
    { done: false, value: 1 },
    { done: false, value: 2 },
  ]);
  const next = queue.next();
  queue.push(3);
  expect(await next).toEqual({ done: false, value: 3 });
});

test('an end comes after what waits, and its error once', async () => {
  const queue = createEventQueue<number>();
  queue.push(1);
  queue.end(new Error('lost'));
  queue.end();
  queue.push(2);
  expect(await queue.next()).toEqual({ done: false, value: 1 });
  await expect(queue.next()).rejects.toThrow('lost');
  expect(await queue.next()).toEqual(END);
});

test('a cut throws away what waits, also after an end', async () => {
  const queue = createEventQueue<number>();
  queue.push(1);
  queue.end();
  queue.cut(new Error('too slow'));
  await expect(queue.next()).rejects.toThrow('too slow');
  expect(await queue.next()).toEqual(END);
});

test('a reader who waits is told of the end', async () => {
  const ended = createEventQueue<number>();
  const next = ended.next();
  ended.end(new Error('lost'));
  await expect(next).rejects.toThrow('lost');
  const returned = createEventQueue<number>();
  const other = returned.next();
  await returned.return();
  expect(await other).toEqual(END);
});

test('it is told once that nobody reads any more, and of each event that was taken', async () => {
  const seen: unknown[] = [];
  const queue = createEventQueue<number>({ onTake: (event) => seen.push(event), onDone: () => seen.push('done') });
  queue.push(1);
  const first = queue.next();
  const second = queue.next();
  queue.push(2);
  await Promise.all([first, second]);
  queue.push(3);
  await queue.return();
  await queue.return();
  queue.cut(new Error('late'));
  expect(await queue.next()).toEqual(END);
  expect(seen).toEqual([1, 2, 'done']);
});
