import type { Transaction } from '@tributary/kit';
import sql from 'sql-template-tag';

import type { DiscountCode } from './discount-code.ts';
import type { Offer } from './quote.ts';
import type { TaxRate, TaxRates } from './tax-rate.ts';

// What prices are made of, read inside the transaction that writes them.

export interface OfferRequest {
  variantIds: readonly string[];
  currency: string;
  country: string | null;
  now: Date;
}

type OfferRow = Offer & { rates: { title: string; rate: string }[] | null };

/** Variants as they are sold now, and the taxes of the country on their categories, in one statement. */
export async function findOffers(
  tx: Transaction,
  { variantIds, currency, country, now }: OfferRequest,
): Promise<{ offers: Map<string, Offer>; taxRates: TaxRates }> {
  const rows = await tx.query<OfferRow>(
    sql`SELECT v.id AS "variantId", v.sku, p.title || ', ' || v.title AS title, v.tax_category AS "taxCategory",
        v.active AND p.active AS active, vp.amount_minor AS "priceMinor",
        v.stock_on_hand AS "stockOnHand", v.stock_reserved AS "stockReserved",
        (SELECT jsonb_agg(jsonb_build_object('title', r.title, 'rate', r.rate::text) ORDER BY r.title) FROM (
          SELECT DISTINCT ON (t.title) t.title, t.rate FROM orders.tax_rates t
          WHERE t.country = ${country}::char(2) AND t.category = v.tax_category AND t.valid_from <= (${now}::timestamptz AT TIME ZONE 'UTC')::date
          ORDER BY t.title, t.valid_from DESC) r) AS rates
      FROM orders.product_variants v JOIN orders.products p ON p.id = v.product_id
      LEFT JOIN orders.variant_prices vp ON vp.variant_id = v.id AND vp.currency = ${currency}::char(3)
      WHERE v.id = ANY(${variantIds}::uuid[])`,
  );
  const taxesOf = new Map(rows.map(({ taxCategory, rates }) => [taxCategory, rates]));
  return {
    offers: new Map(rows.map(({ rates: _, ...offer }) => [offer.variantId, offer])),
    taxRates: {
      find(asked, category): readonly TaxRate[] | null {
        const rates = asked === country ? taxesOf.get(category) : null;
        return rates?.map((rate) => ({ ...rate, jurisdiction: asked })) ?? null;
      },
    },
  };
}

/** The codes that exist, as they are now. */
export async function findDiscountCodes(tx: Transaction, codes: readonly string[]): Promise<Map<string, DiscountCode>> {
  if (codes.length === 0) return new Map();
  return byCode(
    await tx.query<DiscountCode>(
      sql`SELECT ${codeColumns} FROM orders.discount_codes c WHERE c.code = ANY(${codes}::text[])`,
    ),
  );
}

/**
 * Counts one more use of each code and returns the codes as they were before. One that is used up is left out. The rows are locked in
 * the order of the codes, so that two orders with the same codes cannot wait for each other.
 */
export async function useDiscountCodes(tx: Transaction, codes: readonly string[]): Promise<Map<string, DiscountCode>> {
  if (codes.length === 0) return new Map();
  return byCode(
    await tx.query<DiscountCode>(
      sql`WITH c AS MATERIALIZED (SELECT * FROM orders.discount_codes WHERE code = ANY(${codes}::text[]) ORDER BY code FOR UPDATE)
        UPDATE orders.discount_codes d SET used = c.used + 1, updated_at = now() FROM c
        WHERE d.id = c.id AND (c.max_uses IS NULL OR c.used < c.max_uses) RETURNING ${codeColumns}`,
    ),
  );
}

/** Gives back the uses of an order that was canceled. */
export async function giveBackDiscountCodes(tx: Transaction, codes: readonly string[]): Promise<void> {
  if (codes.length === 0) return;
  await tx.query(
    sql`WITH c AS MATERIALIZED (SELECT id, used FROM orders.discount_codes WHERE code = ANY(${codes}::text[]) ORDER BY code FOR UPDATE)
      UPDATE orders.discount_codes d SET used = greatest(c.used - 1, 0), updated_at = now() FROM c WHERE d.id = c.id`,
  );
}

const codeColumns = sql`c.code, c.title, c.kind, c.value, c.currency, c.starts_at AS "startsAt", c.ends_at AS "endsAt",
  c.max_uses AS "maxUses", c.used`;

const byCode = (rows: readonly DiscountCode[]) => new Map(rows.map((row) => [row.code, row]));
