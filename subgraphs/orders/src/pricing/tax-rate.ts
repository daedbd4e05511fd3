import { invariant } from '@tributary/kit';

/** One tax on a line of goods. */
export interface TaxRate {
  /** Name, for example VAT. */
  title: string;
  /** Decimal fraction as text, for example 0.19. */
  rate: string;
  /** Country that levies it. */
  jurisdiction: string;
}

/** Where tax rates come from. The table of rates is one source; a tax engine would be another. */
export interface TaxRates {
  /** Taxes on goods of a category; null when the country is not known, so that nothing can be sold there. */
  find(country: string, category: string): readonly TaxRate[] | null;
}

/** A rate as an exact fraction. */
export function toFraction(rate: string): { numerator: bigint; denominator: bigint } {
  const [, whole = '', digits = ''] = /^(\d+)(?:\.(\d+))?$/.exec(rate) ?? [];
  invariant(whole !== '', `"${rate}" is not a tax rate.`);
  return { numerator: BigInt(whole + digits), denominator: 10n ** BigInt(digits.length) };
}
