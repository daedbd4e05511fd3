import { hasRole, hasScope, organizationsWhere, partnerOrganizationOf, userIdOf } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import type { OrderOwners } from './order.ts';

// Fields of an order that not everybody who sees the order may see, and the entrances on people and organizations. Whether the
// order itself is visible is decided in SQL (order.visibility.ts).

/** The buyer, members who may order for the organization, support, the client of the order, and services that ship. */
export function seesAddresses(principal: Principal | null, order: OrderOwners): boolean {
  return (
    isBuyer(principal, order) ||
    (order.organizationId !== null && organizationsWhere(principal, 'BUYER').includes(order.organizationId)) ||
    isClientOf(principal, order) ||
    hasRole(principal, 'SUPPORT') ||
    ships(principal)
  );
}

export function seesFulfillmentBlockers(principal: Principal | null): boolean {
  return seesSupportData(principal) || ships(principal);
}

/** Internal note and risk score: the support desk and administrators. */
export function seesSupportData(principal: Principal | null): boolean {
  return hasRole(principal, 'SUPPORT', 'ADMIN');
}

/** Who may follow orders at all. What finance and administrators see of everybody's orders they read; they do not watch it. */
export function followsOrders(principal: Principal | null): boolean {
  return followsEveryOrder(principal) || hasRole(principal, 'CUSTOMER', 'PARTNER');
}

/** Whether a caller who sees the order may follow it. */
export function followsOrder(principal: Principal | null, order: OrderOwners): boolean {
  return (
    followsEveryOrder(principal) ||
    isBuyer(principal, order) ||
    (order.organizationId !== null && organizationsWhere(principal, 'VIEWER').includes(order.organizationId)) ||
    isClientOf(principal, order)
  );
}

/** Whether the caller may follow what an organization buys, or places as a partner: members, its own client, support and services. */
export function followsOrdersOfOrganization(principal: Principal | null, organizationId: string): boolean {
  return (
    followsEveryOrder(principal) ||
    partnerOrganizationOf(principal) === organizationId ||
    organizationsWhere(principal, 'VIEWER').includes(organizationId)
  );
}

/** `User.orders`: the person and staff. */
export function seesOrdersOfUser(principal: Principal | null, userId: string): boolean {
  return isStaff(principal) || userIdOf(principal) === userId;
}

/** `Organization.orders`: members, the organization's own client, and staff. */
export function seesOrdersOfOrganization(principal: Principal | null, organizationId: string): boolean {
  return (
    isStaff(principal) ||
    partnerOrganizationOf(principal) === organizationId ||
    organizationsWhere(principal, 'VIEWER').includes(organizationId)
  );
}

const isStaff = (principal: Principal | null) => hasRole(principal, 'SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE');

const followsEveryOrder = (principal: Principal | null) => hasRole(principal, 'SUPPORT', 'SERVICE');

const ships = (principal: Principal | null) => hasRole(principal, 'SERVICE') && hasScope(principal, 'orders:fulfill');

const isBuyer = (principal: Principal | null, { buyerId }: OrderOwners) =>
  buyerId !== null && userIdOf(principal) === buyerId;

function isClientOf(principal: Principal | null, { partnerOrganizationId, organizationId }: OrderOwners): boolean {
  const own = partnerOrganizationOf(principal);
  return own !== null && (own === partnerOrganizationId || own === organizationId);
}
