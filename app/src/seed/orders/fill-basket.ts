import { multiplyHalfEven } from '@tributary/kit/money';

import type { CatalogVariant } from '../catalog/make-catalog.ts';
import type { Random } from '../random.ts';
import { DISCOUNT_CODES } from '../words/texts.ts';
import { priceOrder } from './price-order.ts';
import type { PricedOrder } from './price-order.ts';
import { taxRatesFor } from './tax-rates.ts';
import type { TaxRate } from './tax-rates.ts';

export interface BasketLine {
  id: string;
  variant: CatalogVariant;
  quantity: number;
  unitPriceMinor: bigint;
  rates: readonly TaxRate[];
}

export interface BasketDiscount {
  /** Null for automatic discounts. */
  code: string | null;
  title: string;
  amountMinor: bigint;
}

export interface Basket {
  lines: readonly BasketLine[];
  discounts: readonly BasketDiscount[];
  price: PricedOrder;
}

export interface BasketOptions {
  createdAt: number;
  currency: string;
  country: string;
  business: boolean;
  /** At least two units, so that a part can be shipped or returned. */
  divisible: boolean;
  /** Always with a discount. */
  discounted: boolean;
  /** Still a draft: priced as the shop does it today, so that it can be placed. */
  draft: boolean;
}

// Three lines on average.
const LINE_COUNTS = [[1, 24], [2, 22], [3, 20], [4, 14], [5, 9], [6, 6], [7, 3], [8, 2]] as const; // prettier-ignore

const SHIPPING: Readonly<Record<string, { feeMinor: bigint; freeFromMinor: bigint }>> = {
  EUR: { feeMinor: 490n, freeFromMinor: 15_000n },
  USD: { feeMinor: 690n, freeFromMinor: 18_000n },
  GBP: { feeMinor: 450n, freeFromMinor: 13_000n },
  CAD: { feeMinor: 990n, freeFromMinor: 25_000n },
  JPY: { feeMinor: 600n, freeFromMinor: 20_000n },
};

export function fillBasket(random: Random, variants: readonly CatalogVariant[], options: BasketOptions): Basket {
  const { createdAt, currency, country, business, divisible, discounted, draft } = options;
  const lines = pickVariants(random, variants, random.pickWeighted(LINE_COUNTS)).map((variant): BasketLine => ({
    id: random.uuid(createdAt),
    variant,
    quantity: business ? random.pick([1, 2, 2, 4, 5, 6, 8, 10, 12, 20]) : random.pick([1, 1, 1, 1, 2, 2, 3]),
    unitPriceMinor: variant.prices[currency]!,
    rates: taxRatesFor(country, variant.taxCategory, business && !draft),
  }));
  if (divisible && lines.length === 1 && lines[0]!.quantity === 1) lines[0]!.quantity = 2;
  const subtotal = lines.reduce((sum, line) => sum + BigInt(line.quantity) * line.unitPriceMinor, 0n);
  const chosen = chooseDiscounts(random, { subtotal, business, discounted });
  const discounts = draft ? chosen.filter(({ code }) => code !== null) : chosen;
  const discountMinor = discounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const { feeMinor, freeFromMinor } = SHIPPING[currency]!;
  return {
    lines,
    discounts,
    price: priceOrder(lines, discountMinor, draft || subtotal >= freeFromMinor ? 0n : feeMinor),
  };
}

// Distinct variants; the first ones of the catalog sell best.
function pickVariants(random: Random, variants: readonly CatalogVariant[], count: number): CatalogVariant[] {
  const picked = new Set<CatalogVariant>();
  while (picked.size < count) {
    const share = random.fraction();
    picked.add(variants[Math.floor(share * share * variants.length)]!);
  }
  return [...picked];
}

function chooseDiscounts(
  random: Random,
  { subtotal, business, discounted }: { subtotal: bigint; business: boolean; discounted: boolean },
): BasketDiscount[] {
  const discounts: BasketDiscount[] = [];
  const percentOff = (percent: number) => multiplyHalfEven(subtotal, BigInt(percent), 100n);
  if (random.chance(0.16) || discounted) {
    const { code, title, percent } = random.pick(DISCOUNT_CODES);
    discounts.push({ code, title, amountMinor: percentOff(percent) });
  }
  if (business && random.chance(0.2))
    discounts.push({ code: null, title: 'Volume discount', amountMinor: percentOff(3) });
  return discounts;
}
