import { expect, test } from 'vitest';

import { makeCatalog } from '@tributary/app/seed/catalog/make-catalog';
import { SEED_SIZES } from '@tributary/app/seed/sizes';

const REFERENCE = Date.UTC(2026, 10, 21);

test.each(['demo', 'medium', 'large'] as const)('the %s catalog has no slug and no sku twice', (name) => {
  const slugs: string[] = [];
  const { variants } = makeCatalog(SEED_SIZES[name], REFERENCE, (table, row) => {
    if (table === 'orders.products') slugs.push(String((row as { slug: unknown }).slug));
  });
  expect(new Set(slugs).size).toBe(SEED_SIZES[name].products);
  expect(new Set(variants.map(({ sku }) => sku)).size).toBe(variants.length);
  expect(new Set(variants.map(({ title }) => title)).size).toBe(variants.length);
  expect(slugs.filter((slug) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug))).toEqual([]);
});

test('every variant has a price in every currency, and none is free', () => {
  const { variants } = makeCatalog(SEED_SIZES.large, REFERENCE, () => undefined);
  const priced = variants.filter(({ prices }) => Object.values(prices).every((amountMinor) => amountMinor > 0n));
  expect(priced).toHaveLength(variants.length);
  expect([...new Set(variants.map(({ prices }) => Object.keys(prices).join()))]).toEqual(['EUR,USD,GBP,CAD,JPY']);
});
