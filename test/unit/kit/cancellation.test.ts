import { expect, test } from 'vitest';

import { Cancellation, toAbortSignal } from '@tributary/kit/cancellation';

test('listeners are called once, in their order, and those that were taken back are not', () => {
  const cancellation = new Cancellation();
  const calls: string[] = [];
  const [first, second, third] = ['first', 'second', 'third'].map((name) => () => void calls.push(name));
  for (const each of [first, second, third]) cancellation.addEventListener('abort', each!);
  cancellation.removeEventListener('abort', second!);
  expect(cancellation.aborted).toBe(false);
  cancellation.abort();
  cancellation.abort();
  expect(cancellation.aborted).toBe(true);
  expect(calls).toEqual(['first', 'third']);
});

test('as an AbortSignal it says the same, before and after', () => {
  const cancellation = new Cancellation();
  const before = toAbortSignal(cancellation);
  expect(before.aborted).toBe(false);
  cancellation.abort();
  expect([before.aborted, toAbortSignal(cancellation).aborted]).toEqual([true, true]);
  expect(toAbortSignal(before)).toBe(before);
});
