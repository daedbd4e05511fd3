import { hasRole, organizationsWhere, partnerOrganizationOf, userIdOf } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import type { OrderOwners } from './order.ts';

// Who may change an order that they see. The scope `orders:write` is asked for before; this is about which orders.

/** The buyer, members who may order for the organization, the client of the order, and support. */
export function changesOrder(principal: Principal | null, order: OrderOwners): boolean {
  if (hasRole(principal, 'SUPPORT')) return true;
  const person = userIdOf(principal);
  const client = partnerOrganizationOf(principal);
  return (
    (person !== null && person === order.buyerId) ||
    (order.organizationId !== null && organizationsWhere(principal, 'BUYER').includes(order.organizationId)) ||
    (client !== null && (client === order.partnerOrganizationId || client === order.organizationId))
  );
}

/** Placing binds the organization: a person must still be one who orders for it, also the buyer of the draft. */
export function placesOrder(principal: Principal | null, order: OrderOwners): boolean {
  if (!changesOrder(principal, order)) return false;
  if (principal?.type !== 'user' || hasRole(principal, 'SUPPORT') || order.organizationId === null) return true;
  return organizationsWhere(principal, 'BUYER').includes(order.organizationId);
}

/** Whoever may change it, and services that look after orders. */
export const cancelsOrder = (principal: Principal | null, order: OrderOwners): boolean =>
  hasRole(principal, 'SERVICE') || changesOrder(principal, order);

/** Notes of the support desk. */
export const writesInternalNotes = (principal: Principal | null): boolean => hasRole(principal, 'SUPPORT');
