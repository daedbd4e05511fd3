import { allocate, multiplyHalfEven } from '@tributary/kit';

import type { DiscountCode } from './discount-code.ts';
import { toFraction } from './tax-rate.ts';
import type { TaxRate } from './tax-rate.ts';

// The arithmetic of an order. Each code takes its part off the subtotal, never more than is left; the sum goes to the lines by largest
// remainder; each tax is rounded half to even per line. Shipping costs nothing, and so does the tax on it.

export interface LineToPrice {
  quantity: number;
  unitPriceMinor: bigint;
  rates: readonly TaxRate[];
}

export interface PricedTax extends TaxRate {
  amountMinor: bigint;
}

export interface PricedLine {
  discountMinor: bigint;
  /** One per rate, in the order of the rates. */
  taxes: readonly PricedTax[];
  taxMinor: bigint;
  totalMinor: bigint;
}

/** Amount that a code took off: positive. */
export interface PricedDiscount {
  code: string;
  title: string;
  amountMinor: bigint;
}

export interface OrderTotals {
  subtotalMinor: bigint;
  discountMinor: bigint;
  shippingMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
}

export interface PricedOrder extends OrderTotals {
  /** In the order of the lines that were given. */
  lines: readonly PricedLine[];
  /** Codes that took nothing off are left out. */
  discounts: readonly PricedDiscount[];
}

/** A percentage of the subtotal is exact to this part of it: hundredths of a percent. */
const PERCENT_DENOMINATOR = 10_000n;
const SHIPPING_MINOR = 0n;

/** Prices lines in one currency. The totals do not depend on the order of the lines. */
export function priceOrder(lines: readonly LineToPrice[], codes: readonly DiscountCode[]): PricedOrder {
  const gross = lines.map(({ quantity, unitPriceMinor }) => BigInt(quantity) * unitPriceMinor);
  const subtotalMinor = sum(gross);
  const discounts = discountsOn(subtotalMinor, codes);
  const discountMinor = sum(discounts.map(({ amountMinor }) => amountMinor));
  const shares = allocateToLines(discountMinor, lines, gross);
  const priced = lines.map((line, index) => priceLine(line, gross[index]!, shares[index]!));
  const taxMinor = sum(priced.map((line) => line.taxMinor));
  return {
    lines: priced,
    discounts,
    subtotalMinor,
    discountMinor,
    shippingMinor: SHIPPING_MINOR,
    taxMinor,
    totalMinor: subtotalMinor - discountMinor + SHIPPING_MINOR + taxMinor,
  };
}

function discountsOn(subtotalMinor: bigint, codes: readonly DiscountCode[]): PricedDiscount[] {
  let left = subtotalMinor;
  return codes.flatMap(({ code, title, kind, value }) => {
    const wanted = kind === 'FIXED' ? value : multiplyHalfEven(subtotalMinor, value, PERCENT_DENOMINATOR);
    const amountMinor = wanted < left ? wanted : left;
    left -= amountMinor;
    return amountMinor > 0n ? [{ code, title, amountMinor }] : [];
  });
}

function priceLine({ rates }: LineToPrice, grossMinor: bigint, discountMinor: bigint): PricedLine {
  const net = grossMinor - discountMinor;
  const taxes = rates.map((rate): PricedTax => {
    const { numerator, denominator } = toFraction(rate.rate);
    return { ...rate, amountMinor: multiplyHalfEven(net, numerator, denominator) };
  });
  const taxMinor = sum(taxes.map(({ amountMinor }) => amountMinor));
  return { discountMinor, taxes, taxMinor, totalMinor: net + taxMinor };
}

// Equal remainders are served in list order. So that the tax does not depend on which of two lines was entered first, the list is put
// in an order of its own; lines that are still equal then are the same to the sum.
function allocateToLines(totalMinor: bigint, lines: readonly LineToPrice[], gross: readonly bigint[]): bigint[] {
  const rank = lines.map(({ rates }) => rates.map(({ title, rate }) => `${title} ${rate}`).join());
  const order = lines
    .map((_, index) => index)
    .sort((a, b) =>
      gross[a] === gross[b] ? (rank[a]! < rank[b]! ? -1 : rank[a]! > rank[b]! ? 1 : 0) : gross[a]! > gross[b]! ? -1 : 1,
    );
  const shares = allocate(
    totalMinor,
    order.map((index) => gross[index]!),
  );
  const byLine = new Map(order.map((index, place) => [index, shares[place]!]));
  return lines.map((_, index) => byLine.get(index)!);
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((left, right) => left + right, 0n);
