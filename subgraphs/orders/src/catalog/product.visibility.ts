import { EVERY_ROW, hasScope } from '@tributary/kit';
import type { Principal } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

/** Whoever keeps the catalog also sees what cannot be bought now; everybody else sees the shop. */
export function keepsCatalog(principal: Principal | null): boolean {
  return hasScope(principal, 'catalog:write');
}

/** Visible products, and with them their variants. Statements name the table `p`. */
export function productPolicy(principal: Principal | null): readonly Sql[] {
  return keepsCatalog(principal) ? EVERY_ROW : [sql`p.active`];
}
