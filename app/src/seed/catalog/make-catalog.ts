import { DAY } from '@tributary/kit/clock';
import { invariant } from '@tributary/kit/invariant';

import type { AddRow } from '../load/tables.ts';
import { createRandom } from '../random.ts';
import type { SeedSize } from '../sizes.ts';
import { instant } from '../time.ts';
import { COLLECTIONS, KINDS, PRICE_CURRENCIES } from '../words/catalog.ts';

/** A variant as orders see it. */
export interface CatalogVariant {
  id: string;
  sku: string;
  /** Title of the product and of the variant, as order lines show it. */
  title: string;
  taxCategory: 'STANDARD' | 'REDUCED';
  /** Minor units by currency. */
  prices: Readonly<Record<string, bigint>>;
  /** Units of placed orders that have not shipped yet; the stock is decided at the end. */
  reserved: number;
}

export interface Catalog {
  variants: readonly CatalogVariant[];
  /** Writes the variants with their stock, once all orders are known. */
  addVariants(): void;
}

const CATALOG_DAYS = 880;

export function makeCatalog(size: SeedSize, reference: number, add: AddRow): Catalog {
  const random = createRandom('catalog');
  invariant(size.products <= KINDS.length * COLLECTIONS.length, 'There are not enough kinds and collections.');
  const variants: CatalogVariant[] = [];
  const finish: (() => void)[] = [];

  for (let index = 0; index < size.products; index += 1) {
    const kind = KINDS[index % KINDS.length]!;
    // Each kind starts in another collection, so that the first products do not all carry one name.
    const collectionIndex = (Math.floor(index / KINDS.length) + (index % KINDS.length) * 5) % COLLECTIONS.length;
    const collection = COLLECTIONS[collectionIndex]!;
    const createdAt = reference - CATALOG_DAYS * DAY + Math.floor((index / size.products) * 300 * DAY);
    const productId = random.uuid(createdAt);
    const title = `${collection} ${kind.name}`;
    // Seasonal goods: not for sale now, but in old orders.
    const active = index < 4 || !random.chance(0.06);
    add('orders.products', {
      id: productId,
      slug: title.toLowerCase().replaceAll(' ', '-'),
      title,
      description: random.chance(0.05) ? null : kind.description,
      active,
      created_at: instant(createdAt),
      updated_at: instant(createdAt + random.integer(0, 300) * DAY),
      version: 1,
    });
    // A collection has its own level of prices, from 85 to 130 percent.
    const level = BigInt(85 + ((collectionIndex * 17) % 46));
    for (const [position, [code, variantTitle, surcharge]] of kind.axis.entries()) {
      const cents = (BigInt(kind.priceMinor) * level * BigInt(100 + surcharge)) / 10_000n;
      const variant: CatalogVariant = {
        id: random.uuid(createdAt + position),
        sku: `${kind.code}${String(collectionIndex + 1).padStart(2, '0')}-${code}`,
        title: `${title}, ${variantTitle}`,
        taxCategory: kind.taxCategory,
        prices: pricesOf(cents),
        reserved: 0,
      };
      variants.push(variant);
      for (const [currency, amount] of Object.entries(variant.prices))
        add('orders.variant_prices', {
          variant_id: variant.id,
          currency,
          amount_minor: amount,
          created_at: instant(createdAt),
          updated_at: instant(createdAt),
        });
      const stock = random.fraction();
      const spare = random.integer(1, 400);
      finish.push(() =>
        add('orders.product_variants', {
          id: variant.id,
          product_id: productId,
          sku: variant.sku,
          title: variantTitle,
          position: position + 1,
          tax_category: variant.taxCategory,
          // A tenth is made to order and not counted, some are sold out.
          stock_on_hand: stock < 0.1 ? null : stock < 0.16 ? variant.reserved : variant.reserved + spare,
          stock_reserved: variant.reserved,
          created_at: instant(createdAt),
          updated_at: instant(reference - DAY),
          version: 1,
        }),
      );
    }
  }
  return { variants, addVariants: () => finish.forEach((addVariant) => addVariant()) };
}

function pricesOf(cents: bigint): Record<string, bigint> {
  const prices: Record<string, bigint> = {};
  for (const { currency, numerator, denominator, step } of PRICE_CURRENCIES) {
    const converted = (cents * BigInt(numerator)) / BigInt(denominator);
    prices[currency] = converted - (converted % BigInt(step));
  }
  return prices;
}
