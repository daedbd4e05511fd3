import type { Transaction } from '@tributary/kit';
import sql from 'sql-template-tag';

// Promised units. Rows are locked in the order of their ids, in one statement, so that two orders over the same variants cannot wait for
// each other; and what is compared and written is what the lock returned, because the statement's own snapshot may be older.

/** Units per variant. */
export type Units = ReadonlyMap<string, number>;

/** Promises the units. Returns the variants that have them; of the others nothing was promised. */
export async function reserveStock(tx: Transaction, units: Units): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    sql`WITH locked AS MATERIALIZED (${lockedVariants(units)})
      UPDATE orders.product_variants v SET stock_reserved = locked.stock_reserved + locked.units, updated_at = now() FROM locked
      WHERE v.id = locked.id AND (locked.stock_on_hand IS NULL OR locked.stock_on_hand - locked.stock_reserved >= locked.units)
      RETURNING v.id`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Takes back what was promised. Variants that are gone are left out. */
export async function releaseStock(tx: Transaction, units: Units): Promise<void> {
  if (units.size === 0) return;
  await tx.query(
    sql`WITH locked AS MATERIALIZED (${lockedVariants(units)})
      UPDATE orders.product_variants v SET stock_reserved = locked.stock_reserved - locked.units, updated_at = now() FROM locked
      WHERE v.id = locked.id`,
  );
}

const lockedVariants = (units: Units) =>
  sql`SELECT pv.id, pv.stock_on_hand, pv.stock_reserved, wanted.units FROM orders.product_variants pv
    JOIN unnest(${[...units.keys()]}::uuid[], ${[...units.values()]}::integer[]) AS wanted(id, units) ON wanted.id = pv.id
    ORDER BY pv.id FOR UPDATE OF pv`;
