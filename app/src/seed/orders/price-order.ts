import { allocate, multiplyHalfEven } from '@tributary/kit/money';

import type { TaxRate } from './tax-rates.ts';

// The arithmetic of an order: pure, bigint only. Discounts are split over the lines by largest remainder, taxes are rounded half to
// even per line and rate, and the order is the sum of its lines.

export interface LineToPrice {
  quantity: number;
  unitPriceMinor: bigint;
  rates: readonly TaxRate[];
}

export interface PricedLine {
  discountMinor: bigint;
  /** One amount per rate, in the order of the rates. */
  taxesMinor: readonly bigint[];
  taxMinor: bigint;
  totalMinor: bigint;
}

export interface PricedOrder {
  lines: readonly PricedLine[];
  subtotalMinor: bigint;
  discountMinor: bigint;
  shippingMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((left, right) => left + right, 0n);

export function priceOrder(lines: readonly LineToPrice[], discountMinor: bigint, shippingMinor: bigint): PricedOrder {
  const gross = lines.map(({ quantity, unitPriceMinor }) => BigInt(quantity) * unitPriceMinor);
  const discounts = allocate(discountMinor, gross);
  const priced = lines.map(({ rates }, index): PricedLine => {
    const net = gross[index]! - discounts[index]!;
    const taxesMinor = rates.map(({ numerator, denominator }) => multiplyHalfEven(net, numerator, denominator));
    const taxMinor = sum(taxesMinor);
    return { discountMinor: discounts[index]!, taxesMinor, taxMinor, totalMinor: net + taxMinor };
  });
  const subtotalMinor = sum(gross);
  const taxMinor = sum(priced.map((line) => line.taxMinor));
  return {
    lines: priced,
    subtotalMinor,
    discountMinor,
    shippingMinor,
    taxMinor,
    totalMinor: subtotalMinor - discountMinor + shippingMinor + taxMinor,
  };
}
