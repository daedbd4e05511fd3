import { inputError, invalidInput, refuseIfAny } from '@tributary/kit';
import type { UserError } from '@tributary/kit';

import { applies } from './discount-code.ts';
import type { DiscountCode } from './discount-code.ts';
import { priceOrder } from './price-order.ts';
import type { OrderTotals, PricedDiscount, PricedLine } from './price-order.ts';
import type { TaxRate, TaxRates } from './tax-rate.ts';

// What a basket costs now, from what the catalog offers, the tax rates and the discount codes.

export interface WantedLine {
  /** Null when the variant was removed from the catalog. */
  variantId: string | null;
  quantity: number;
}

/** A variant as it is sold now. */
export interface Offer {
  variantId: string;
  sku: string;
  /** Titles of the product and of the variant. */
  title: string;
  taxCategory: string;
  /** Whether it can be bought. */
  active: boolean;
  /** Null when it is not sold in the currency. */
  priceMinor: bigint | null;
  /** Null when stock is not tracked. */
  stockOnHand: number | null;
  stockReserved: number;
}

export interface Basket {
  lines: readonly WantedLine[];
  currency: string;
  /** Country of the shipping address; null while there is none, and then no tax is known yet. */
  country: string | null;
  codes: readonly string[];
}

export interface Supply {
  offers: ReadonlyMap<string, Offer>;
  taxRates: TaxRates;
  codes: ReadonlyMap<string, DiscountCode>;
}

export interface QuotedLine extends PricedLine {
  variantId: string;
  sku: string;
  title: string;
  quantity: number;
  unitPriceMinor: bigint;
}

export interface Quote extends OrderTotals {
  lines: readonly QuotedLine[];
  discounts: readonly PricedDiscount[];
}

/** Throws a refusal that names every line and every code at fault. Paths are those of the input that saves a draft. */
export function quote(basket: Basket, supply: Supply, now: Date): Quote {
  const errors: UserError[] = [];
  const lines = basket.lines.map((line, index) => {
    const field = ['input', 'lines', String(index), 'variantId'];
    const offer = line.variantId === null ? undefined : supply.offers.get(line.variantId);
    if (!offer?.active) {
      errors.push(inputError('NOT_FOUND', 'There is no such variant, or it cannot be bought now.', field));
      return null;
    }
    if (offer.priceMinor === null) {
      errors.push(invalidInput(`${offer.sku} is not sold in ${basket.currency}.`, field));
      return null;
    }
    const rates = ratesFor(basket.country, offer, supply.taxRates);
    return { ...offer, quantity: line.quantity, unitPriceMinor: offer.priceMinor, rates };
  });
  if (lines.some((line) => line?.rates === null))
    errors.push(
      invalidInput(`Nothing is sold to ${basket.country!}: no tax rates are known for it.`, [
        'input',
        'shippingAddress',
        'country',
      ]),
    );
  const codes = basket.codes.map((entered, index) => {
    const code = supply.codes.get(entered);
    if (code && applies(code, { currency: basket.currency, now })) return code;
    const field = ['input', 'discountCodes', String(index)];
    errors.push(
      inputError('DISCOUNT_NOT_APPLICABLE', 'This code is unknown, over, used up or of another currency.', field),
    );
    return null;
  });
  refuseIfAny(errors);

  const sold = lines.map((line) => ({ ...line!, rates: line!.rates! }));
  const priced = priceOrder(
    sold,
    codes.map((code) => code!),
  );
  return {
    ...priced,
    lines: priced.lines.map((line, index): QuotedLine => {
      const { variantId, sku, title, quantity, unitPriceMinor } = sold[index]!;
      return { ...line, variantId, sku, title, quantity, unitPriceMinor };
    }),
  };
}

/** Null when the country is not known. */
function ratesFor(country: string | null, { taxCategory }: Offer, taxRates: TaxRates): readonly TaxRate[] | null {
  return country === null ? [] : taxRates.find(country, taxCategory);
}

/** Units per variant, over all lines. */
export function unitsPerVariant(lines: readonly WantedLine[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { variantId, quantity } of lines)
    if (variantId !== null) units.set(variantId, (units.get(variantId) ?? 0) + quantity);
  return units;
}

/** One error for each line of a variant that is not there in the quantity that all its lines want together. */
export function outOfStock(lines: readonly QuotedLine[], lacks: (variantId: string) => boolean): UserError[] {
  return lines.flatMap(({ variantId, sku }, index) =>
    lacks(variantId)
      ? [
          inputError('OUT_OF_STOCK', `${sku} is not available in the wanted quantity.`, [
            'input',
            'lines',
            String(index),
            'quantity',
          ]),
        ]
      : [],
  );
}

/** Whether fewer units can be promised now than are wanted. */
export function isShort({ stockOnHand, stockReserved }: Offer, wanted: number): boolean {
  return stockOnHand !== null && stockOnHand - stockReserved < wanted;
}
