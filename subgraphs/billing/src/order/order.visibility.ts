import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, hasRole, NO_ROW, organizationsWhere } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import type { OrderTerms } from './order.ts';

/**
 * For which orders a caller may know how much is paid: as the order itself, and so wider than its invoice. Arms over the invoices of
 * the order, which carry its owners; statements name their table `i`.
 */
export function paymentStatusPolicy(principal: Principal | null): readonly Sql[] {
  if (hasRole(principal, 'SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE')) return EVERY_ROW;
  switch (principal?.type) {
    case 'user':
      return [
        sql`i.customer_id = ${principal.userId}::uuid`,
        sql`i.organization_id = ANY(${organizationsWhere(principal, 'VIEWER')}::uuid[])`,
      ];
    case 'client':
      return [
        sql`i.partner_organization_id = ${principal.organizationId}::uuid`,
        sql`i.organization_id = ${principal.organizationId}::uuid`,
      ];
    case 'service':
    case undefined:
      return NO_ROW;
  }
}

/** Whether a caller may know what is still to pay for an order: buyers of the organization, not its mere viewers. */
export function seesOutstandingAmount(
  principal: Principal | null,
  order: Omit<OrderTerms, 'total' | 'canceled'>,
): boolean {
  if (hasRole(principal, 'SUPPORT', 'FINANCE', 'SERVICE')) return true;
  switch (principal?.type) {
    case 'user':
      return (
        order.buyerId === principal.userId ||
        (order.organizationId !== null && organizationsWhere(principal, 'BUYER').includes(order.organizationId))
      );
    case 'client':
      return [order.partnerOrganizationId, order.organizationId].includes(principal.organizationId);
    case 'service':
    case undefined:
      return false;
  }
}
