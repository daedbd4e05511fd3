import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, hasRole, hasScope, NO_ROW, organizationsWhere } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import type { Owners } from './invoice.ts';

// Who sees an invoice, and with it its lines and payments: support, finance and services every one; a person the own ones and
// those of organizations in which they manage billing; an API client those of its organization, bought or placed. Nobody without
// the scope, also where the contract asks for none, as behind `node`.

const SCOPE = 'billing:read';

/** Whether the caller sees every invoice. */
export function seesEveryInvoice(principal: Principal | null): boolean {
  return hasScope(principal, SCOPE) && hasRole(principal, 'SUPPORT', 'FINANCE', 'SERVICE');
}

/** The same rule as rows, one arm per index. Statements name the table of the invoices `i`. */
export function invoicePolicy(principal: Principal | null): readonly Sql[] {
  if (seesEveryInvoice(principal)) return EVERY_ROW;
  if (principal === null || !hasScope(principal, SCOPE)) return NO_ROW;
  switch (principal.type) {
    case 'user':
      return [
        sql`i.customer_id = ${principal.userId}::uuid`,
        ...organizationsWhere(principal, 'BILLING_MANAGER').map((id) => sql`i.organization_id = ${id}::uuid`),
      ];
    case 'client':
      return [
        sql`i.partner_organization_id = ${principal.organizationId}::uuid`,
        sql`i.organization_id = ${principal.organizationId}::uuid`,
      ];
    case 'service':
      return NO_ROW;
  }
}

/** The part of the policy that can meet rows below `User.invoices`, whose parent is the customer. */
export function invoicesOfCustomerPolicy(principal: Principal | null): readonly Sql[] {
  if (seesEveryInvoice(principal)) return EVERY_ROW;
  if (principal?.type !== 'user' || !hasScope(principal, SCOPE)) return NO_ROW;
  return [sql`i.customer_id = ${principal.userId}::uuid`];
}

/** The part of the policy that can meet rows below `Organization.invoices`: billing managers, and the organization's own client. */
export function invoicesOfOrganizationPolicy(principal: Principal | null): readonly Sql[] {
  if (seesEveryInvoice(principal)) return EVERY_ROW;
  if (principal === null || !hasScope(principal, SCOPE)) return NO_ROW;
  const organizations =
    principal.type === 'client' ? [principal.organizationId] : organizationsWhere(principal, 'BILLING_MANAGER');
  return organizations.length === 0 ? NO_ROW : [sql`i.organization_id = ANY(${organizations}::uuid[])`];
}

/** Whether the caller may follow what an organization has to pay, or what was placed by it as a partner. */
export function followsInvoicesOf(principal: Principal | null, organizationId: string): boolean {
  if (seesEveryInvoice(principal)) return true;
  if (!hasScope(principal, SCOPE)) return false;
  return principal?.type === 'client'
    ? principal.organizationId === organizationId
    : organizationsWhere(principal, 'BILLING_MANAGER').includes(organizationId);
}

/** The same rule for an invoice, or a payment, at hand. */
export function seesInvoiceOf(principal: Principal | null, owners: Owners): boolean {
  return hasScope(principal, SCOPE) && (seesEveryInvoice(principal) || ownsInvoice(principal, owners));
}

function ownsInvoice(principal: Principal | null, owners: Owners): boolean {
  if (principal?.type === 'client')
    return [owners.partnerOrganizationId, owners.organizationId].includes(principal.organizationId);
  return paysFor(principal, owners);
}

/** Whether the caller is the one to pay: the customer, or a billing manager of the organization. */
export function paysFor(principal: Principal | null, { customerId, organizationId }: Owners): boolean {
  if (principal?.type !== 'user') return false;
  return (
    customerId === principal.userId ||
    (organizationId !== null && organizationsWhere(principal, 'BILLING_MANAGER').includes(organizationId))
  );
}
