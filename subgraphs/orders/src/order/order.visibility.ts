import { EVERY_ROW, hasRole, hasScope, NO_ROW, organizationsWhere } from '@tributary/kit';
import type { Principal } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import type { OrderOwners } from './order.ts';

// Who sees which orders, once as predicates on `o` and once as a check of an order that was read; a test compares both. Lines,
// shipments, returns and events are visible when their order is.

/** Without this scope nobody reads orders, however they are reached: `node` and references have no other entrance. */
export function readsOrders(principal: Principal | null): boolean {
  return hasScope(principal, 'orders:read');
}

export function readsEveryOrder(principal: Principal | null): boolean {
  return readsOrders(principal) && hasRole(principal, 'SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE');
}

/**
 * One arm per kind of ownership, each led by the column of its own index. An order that a person bought for an organization of
 * theirs meets two.
 */
export function orderPolicy(principal: Principal | null): readonly Sql[] {
  if (readsEveryOrder(principal)) return EVERY_ROW;
  if (principal === null || !readsOrders(principal)) return NO_ROW;
  switch (principal.type) {
    case 'user': {
      const { userId } = principal;
      return [
        sql`o.buyer_id = ${userId}::uuid`,
        ...organizationsWhere(principal, 'VIEWER').map((id) => sql`o.organization_id = ${id}::uuid`),
      ];
    }
    case 'client': {
      const own = principal.organizationId;
      return [sql`o.partner_organization_id = ${own}::uuid`, sql`o.organization_id = ${own}::uuid`];
    }
    case 'service':
      return NO_ROW;
  }
}

/** What `orderPolicy` says, about one order. */
export function seesOrder(
  principal: Principal | null,
  { buyerId, organizationId, partnerOrganizationId }: OrderOwners,
) {
  if (readsEveryOrder(principal)) return true;
  if (principal === null || !readsOrders(principal)) return false;
  switch (principal.type) {
    case 'user':
      return (
        buyerId === principal.userId ||
        (organizationId !== null && organizationsWhere(principal, 'VIEWER').includes(organizationId))
      );
    case 'client':
      return [partnerOrganizationId, organizationId].includes(principal.organizationId);
    case 'service':
      return false;
  }
}

/** The part of the policy that can meet rows below `User.orders`, whose parent column is the buyer: staff, or the person. */
export function ordersOfBuyerPolicy(principal: Principal | null): readonly Sql[] {
  if (readsEveryOrder(principal)) return EVERY_ROW;
  return readsOrders(principal) && principal?.type === 'user' ? [sql`o.buyer_id = ${principal.userId}::uuid`] : NO_ROW;
}

/** The part of the policy that can meet rows below `Organization.orders`: staff, members, and the organization's own client. */
export function ordersOfOrganizationPolicy(principal: Principal | null): readonly Sql[] {
  if (readsEveryOrder(principal)) return EVERY_ROW;
  if (!readsOrders(principal)) return NO_ROW;
  const organizations =
    principal?.type === 'client' ? [principal.organizationId] : organizationsWhere(principal, 'VIEWER');
  return organizations.length === 0 ? NO_ROW : [sql`o.organization_id = ANY(${organizations}::uuid[])`];
}
