import { checkInput, invalidInput, parseGlobalId } from '@tributary/kit';
import type { InputCheck, Money } from '@tributary/kit';

/** `ProductSaveInput` of the contract. */
export interface ProductSaveInput {
  id?: string | null;
  expectedVersion?: number | null;
  slug: string;
  title: string;
  description?: string | null;
  active: boolean;
  variants: readonly ProductVariantInput[];
}

interface ProductVariantInput {
  sku: string;
  title: string;
  prices: readonly Money[];
  taxCategory: string;
  stock?: number | null;
}

/** What is to be saved. */
export interface ProductChange {
  /** The product to change; null makes one. */
  product: { id: string; expectedVersion: number } | null;
  slug: string;
  title: string;
  /** Undefined stays as it is. */
  description: string | null | undefined;
  active: boolean;
  variants: readonly VariantChange[];
}

export interface VariantChange {
  sku: string;
  title: string;
  prices: readonly Money[];
  taxCategory: string;
  /** Null is not tracked. Undefined stays as it is, and is not tracked for a new variant. */
  stock: number | null | undefined;
}

const MAX_VARIANTS = 250;
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MAX_STOCK = 1_000_000_000;
// The dearest order, 250 lines of 9,999 units with taxes, still fits 64 bits.
const MAX_PRICE_MINOR = 1_000_000_000_000n;

/** Throws INVALID_ID for what is no id, and one refusal with everything else that is wrong. */
export function readProductInput(input: ProductSaveInput): ProductChange {
  const check = checkInput();
  const { id, expectedVersion } = input;
  const isNew = id === null || id === undefined;
  if (!isNew && (expectedVersion === null || expectedVersion === undefined))
    check.add(invalidInput('Required together with "id".', ['input', 'expectedVersion']));
  const slug = check.text(input.slug, ['input', 'slug'], { max: 200 });
  if (!SLUG.test(slug))
    check.add(invalidInput('A slug is words of a-z and 0-9 with hyphens between them.', ['input', 'slug']));
  if (input.variants.length > MAX_VARIANTS)
    check.add(invalidInput(`A product has ${MAX_VARIANTS} variants at most.`, ['input', 'variants']));
  const change: ProductChange = {
    product: isNew ? null : { id: parseGlobalId('Product', id), expectedVersion: expectedVersion ?? 0 },
    slug,
    title: check.text(input.title, ['input', 'title'], { max: 200 }),
    description: check.clearable(input.description, (text) =>
      check.text(text, ['input', 'description'], { max: 10_000, multiline: true }),
    ),
    active: input.active,
    variants: input.variants.map((variant, index) => readVariant(check, variant, ['input', 'variants', String(index)])),
  };
  refuseRepeated(
    check,
    change.variants.map(({ sku }, index) => ({ value: sku, field: ['input', 'variants', String(index), 'sku'] })),
    'This sku is in the list twice.',
  );
  check.refuseIfAny();
  return change;
}

function readVariant(check: InputCheck, variant: ProductVariantInput, field: readonly string[]): VariantChange {
  const { stock } = variant;
  if (typeof stock === 'number' && (stock < 0 || stock > MAX_STOCK))
    check.add(invalidInput(`Stock is 0 to ${MAX_STOCK} units, or null.`, [...field, 'stock']));
  for (const [index, { amountMinor }] of variant.prices.entries())
    if (amountMinor < 0n || amountMinor > MAX_PRICE_MINOR)
      check.add(
        invalidInput(`A price is 0 to ${MAX_PRICE_MINOR} minor units.`, [
          ...field,
          'prices',
          String(index),
          'amountMinor',
        ]),
      );
  refuseRepeated(
    check,
    variant.prices.map(({ currency }, index) => ({
      value: currency,
      field: [...field, 'prices', String(index), 'currency'],
    })),
    'There is one price per currency.',
  );
  return {
    sku: check.text(variant.sku, [...field, 'sku'], { max: 64 }),
    title: check.text(variant.title, [...field, 'title'], { max: 200 }),
    prices: variant.prices,
    taxCategory: variant.taxCategory,
    stock,
  };
}

function refuseRepeated(check: InputCheck, items: readonly { value: string; field: string[] }[], message: string) {
  const seen = new Set<string>();
  for (const { value, field } of items) {
    if (seen.has(value)) check.add(invalidInput(message, field));
    seen.add(value);
  }
}
