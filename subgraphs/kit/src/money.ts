import { invariant } from './invariant.ts';

// Amounts are bigint minor units plus an ISO 4217 currency. Nothing here, and nothing that calls it, uses a float.

export interface Money {
  amountMinor: bigint;
  currency: string;
}

// ISO 4217 minor units that are not 2. Currencies that are not listed have two digits.
const FRACTION_DIGITS: Readonly<Record<string, number>> = {
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  CLF: 4, UYW: 4,
}; // prettier-ignore

export const money = (amountMinor: bigint, currency: string): Money => ({ amountMinor, currency });

/** Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD. */
export function fractionDigits(currency: string): number {
  return FRACTION_DIGITS[currency] ?? 2;
}

/** The amount as a decimal string, for example `-12.30`; for display only. */
export function toDecimal({ amountMinor, currency }: Money): string {
  const digits = fractionDigits(currency);
  const negative = amountMinor < 0n;
  const text = (negative ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return (negative ? '-' : '') + (digits === 0 ? whole : `${whole}.${text.slice(text.length - digits)}`);
}

/** `amount * numerator / denominator`, rounded half to even. `denominator` is positive. */
export function multiplyHalfEven(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  invariant(denominator > 0n, 'The denominator must be positive.');
  const product = amount * numerator;
  const quotient = product / denominator; // truncates toward zero
  const twice = 2n * (product % denominator);
  const distance = twice < 0n ? -twice : twice;
  if (distance < denominator || (distance === denominator && quotient % 2n === 0n)) return quotient;
  return product < 0n ? quotient - 1n : quotient + 1n;
}

/**
 * Splits `total` in proportion to `weights` by largest remainder: the parts always add up to `total`, and equal remainders are
 * served in list order. `total` and the weights are not negative; the weights do not sum to zero unless `total` is zero.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  invariant(total >= 0n && weights.every((weight) => weight >= 0n), 'Neither the total nor a weight may be negative.');
  const sum = weights.reduce((left, right) => left + right, 0n);
  if (total === 0n) return weights.map(() => 0n);
  invariant(sum > 0n, 'A total can only be split by weights that are not all zero.');
  const parts = weights.map((weight) => (total * weight) / sum);
  let rest = total - parts.reduce((left, right) => left + right, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (rest === 0n) break;
    parts[index] = parts[index]! + 1n;
    rest -= 1n;
  }
  return parts;
}

/** Resolvers of the shared type `Money`. */
export const moneyResolvers = {
  fractionDigits: ({ currency }: Money) => fractionDigits(currency),
  decimal: (amount: Money) => toDecimal(amount),
};
