import { expect, test } from 'vitest';

import { createProgressPrinter } from '@tributary/app/seed/progress';

function record(isTTY: boolean): { written: string[]; isTTY: boolean; write: (text: string) => void } {
  const written: string[] = [];
  return { written, isTTY, write: (text) => void written.push(text) };
}

test('a terminal gets a bar that is drawn over and ends with a line feed', () => {
  const output = record(true);
  const print = createProgressPrinter(output);
  print({ phase: 'orders', done: 0, total: 2_000 });
  print({ phase: 'orders', done: 1_000, total: 2_000 });
  print({ phase: 'orders', done: 2_000, total: 2_000 });
  expect(output.written).toEqual([
    `\r\u001b[2KOrders             ${'░'.repeat(30)}   0 %  0 of 2,000`,
    `\r\u001b[2KOrders             ${'█'.repeat(15)}${'░'.repeat(15)}  50 %  1,000 of 2,000`,
    `\r\u001b[2KOrders             ${'█'.repeat(30)} 100 %  2,000 of 2,000\n`,
  ]);
});

test('anything else gets a line per quarter', () => {
  const output = record(false);
  const print = createProgressPrinter(output);
  for (let done = 0; done <= 1_000_000; done += 10_000) print({ phase: 'orders', done, total: 1_000_000 });
  expect(output.written).toEqual([
    'Orders: 0 %\n',
    'Orders: 25 %\n',
    'Orders: 50 %\n',
    'Orders: 75 %\n',
    'Orders: 100 %\n',
  ]);
});
