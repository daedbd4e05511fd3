import { inputError } from '@tributary/kit';
import type { Transaction } from '@tributary/kit';
import sql from 'sql-template-tag';

import { refuseIfTaken } from '../unique-violation.ts';
import type { VariantChange } from './product-input.ts';
import { productColumns } from './product.repository.ts';
import type { Product } from './product.ts';

// Statements of the transaction that saves a product.

export const slugTaken = inputError('ALREADY_EXISTS', 'Another product has this slug.', ['input', 'slug']);
const asSlugTaken = refuseIfTaken('products_slug_key', slugTaken);
const asSkuTaken = refuseIfTaken(
  'product_variants_sku_key',
  inputError('ALREADY_EXISTS', 'A variant of another product has one of the skus.', ['input', 'variants']),
);

export type ProductRow = Omit<Product, 'updatedAt' | 'version'>;

export interface LockedVariant {
  id: string;
  productId: string;
  sku: string;
  stockOnHand: number | null;
  stockReserved: number;
}

export type VariantRow = VariantChange & { id: string; position: number; stock: number | null };

export async function lockProduct(tx: Transaction, id: string): Promise<Product | null> {
  const [product] = await tx.query<Product>(
    sql`SELECT ${productColumns} FROM orders.products p WHERE p.id = ${id}::uuid FOR UPDATE`,
  );
  return product ?? null;
}

export async function isSlugTaken(tx: Transaction, slug: string, by: string): Promise<boolean> {
  const rows = await tx.query(sql`SELECT FROM orders.products WHERE slug = ${slug} AND id <> ${by}::uuid`);
  return rows.length > 0;
}

/** Variants of the product, and those that have one of the skus elsewhere, by sku. Locked in the order in which orders lock them. */
export async function lockVariants(
  tx: Transaction,
  productId: string,
  skus: readonly string[],
): Promise<Map<string, LockedVariant>> {
  const rows = await tx.query<LockedVariant>(
    sql`SELECT v.id, v.product_id AS "productId", v.sku, v.stock_on_hand AS "stockOnHand", v.stock_reserved AS "stockReserved"
      FROM orders.product_variants v WHERE v.product_id = ${productId}::uuid OR v.sku = ANY(${skus}::text[])
      ORDER BY v.id FOR UPDATE`,
  );
  return new Map(rows.map((row) => [row.sku, row]));
}

export async function findTaxCategories(tx: Transaction): Promise<Set<string>> {
  const rows = await tx.query<{ category: string }>(
    sql`SELECT DISTINCT category FROM orders.tax_rates ORDER BY category`,
  );
  return new Set(rows.map(({ category }) => category));
}

export async function insertProduct(tx: Transaction, row: ProductRow): Promise<Product> {
  const [product] = await tx
    .query<Product>(
      sql`INSERT INTO orders.products AS p (id, slug, title, description, active)
      VALUES (${row.id}::uuid, ${row.slug}, ${row.title}, ${row.description}, ${row.active}) RETURNING ${productColumns}`,
    )
    .catch(asSlugTaken);
  return product!;
}

export async function updateProduct(tx: Transaction, row: ProductRow): Promise<Product> {
  const [product] = await tx
    .query<Product>(
      sql`UPDATE orders.products p SET slug = ${row.slug}, title = ${row.title}, description = ${row.description},
        active = ${row.active}, version = p.version + 1, updated_at = now()
      WHERE p.id = ${row.id}::uuid RETURNING ${productColumns}`,
    )
    .catch(asSlugTaken);
  return product!;
}

/** Takes the other variants of the product out of the shop. They keep their stock and their place in orders. */
export async function withdrawVariants(tx: Transaction, productId: string, kept: readonly string[]): Promise<void> {
  await tx.query(
    sql`UPDATE orders.product_variants v SET active = false, version = v.version + 1, updated_at = now()
      WHERE v.product_id = ${productId}::uuid AND v.active AND v.id <> ALL(${kept}::uuid[])`,
  );
}

/** Writes the variants with their prices, in one statement. */
export async function writeVariants(
  tx: Transaction,
  productId: string,
  variants: readonly VariantRow[],
): Promise<void> {
  if (variants.length === 0) return;
  const rows = JSON.stringify(
    variants.map(({ id, sku, title, position, taxCategory, stock }) => ({
      id,
      sku,
      title,
      position,
      tax_category: taxCategory,
      stock,
    })),
  );
  const prices = JSON.stringify(
    variants.flatMap(({ id, prices: each }) =>
      each.map(({ amountMinor, currency }) => ({ variant_id: id, currency, amount_minor: String(amountMinor) })),
    ),
  );
  await tx
    .query(
      sql`WITH n AS (SELECT * FROM jsonb_to_recordset(${rows}::jsonb)
        AS r(id uuid, sku text, title text, position integer, tax_category text, stock integer)),
      price AS (SELECT * FROM jsonb_to_recordset(${prices}::jsonb) AS r(variant_id uuid, currency char(3), amount_minor bigint)),
      variants AS (
        INSERT INTO orders.product_variants AS v (id, product_id, sku, title, position, tax_category, stock_on_hand)
        SELECT id, ${productId}::uuid, sku, title, position, tax_category, stock FROM n
        ON CONFLICT (id) DO UPDATE SET title = excluded.title, position = excluded.position, active = true,
          tax_category = excluded.tax_category, stock_on_hand = excluded.stock_on_hand,
          version = v.version + 1, updated_at = now()),
      gone AS (DELETE FROM orders.variant_prices vp USING n WHERE vp.variant_id = n.id
        AND NOT EXISTS (SELECT FROM price WHERE price.variant_id = vp.variant_id AND price.currency = vp.currency))
      INSERT INTO orders.variant_prices (variant_id, currency, amount_minor)
      SELECT variant_id, currency, amount_minor FROM price
      ON CONFLICT (variant_id, currency) DO UPDATE SET amount_minor = excluded.amount_minor, updated_at = now()`,
    )
    .catch(asSkuTaken);
}
