import { expect, test } from 'vitest';

import { taxSummary, toPercent } from '@tributary/billing/invoice/invoice-pdf-table';

test.each([
  ['0', '0%'],
  ['0.00', '0%'],
  ['0.2', '20%'],
  ['0.19', '19%'],
  ['0.07', '7%'],
  ['0.0550', '5.5%'],
  ['0.005', '0.5%'],
  ['1', '100%'],
])('the rate %s is written as %s', (rate, text) => {
  expect(toPercent(rate)).toBe(text);
});

test('taxes are summed by name, rate and country over all lines', () => {
  const tax = (title: string, rate: string, jurisdiction: string, amountMinor: bigint) => ({
    invoiceLineId: 'line',
    position: 1,
    title,
    rate,
    jurisdiction,
    amountMinor,
  });
  const line = {
    id: 'line',
    position: 1,
    description: '',
    quantity: 1,
    unitPriceMinor: 0n,
    discountMinor: 0n,
    totalMinor: 0n,
    currency: 'EUR',
  };
  const lines = [
    { ...line, taxes: [tax('VAT', '0.20', 'AT', 100n)] },
    { ...line, taxes: [tax('VAT', '0.1', 'AT', 7n), tax('VAT', '0.2', 'AT', 23n)] },
    { ...line, taxes: [tax('VAT', '0.20', 'DE', 1n)] },
    { ...line, taxes: [] },
  ];
  expect(taxSummary(lines)).toEqual([
    { label: 'VAT 20% (AT)', amountMinor: 123n },
    { label: 'VAT 10% (AT)', amountMinor: 7n },
    { label: 'VAT 20% (DE)', amountMinor: 1n },
  ]);
});
