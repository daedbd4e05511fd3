import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { testMethods } from '@tributary/app/development/payment-provider/test-methods';
import type { TestMethod } from '@tributary/app/development/payment-provider/test-methods';

// People choose a token by the table in the README.

const readme = readFileSync(join(import.meta.dirname, '../../../../../README.md'), 'utf8');
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| `tok_'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** Codes of failures that a method can end with, in a charge or a refund. */
const failuresOf = (...endings: (TestMethod['charge'] | TestMethod['chargeEnding'])[]) =>
  endings.flatMap((ending) => (typeof ending === 'object' ? [`\`${ending.failureCode}\``] : []));

test('the README lists exactly the tokens there are', () => {
  expect(rows.map(([token]) => token)).toEqual(Object.keys(testMethods).map((token) => `\`${token}\``));
});

test.each(rows)('the README tells how %s fails', (token, charge, refund) => {
  const method = testMethods[token.replaceAll('`', '')]!;
  for (const failure of failuresOf(method.charge, method.chargeEnding)) expect(charge).toContain(failure);
  for (const failure of failuresOf(method.refund, method.refundEnding)) expect(refund).toContain(failure);
});
