import { notFoundError, organizationsWhere, partnerOrganizationOf, refuseIfAny, stateError } from '@tributary/kit';
import type { OrganizationRole, Principal, Transaction, UserError } from '@tributary/kit';

import type { OrderOwners } from '../order/order.ts';
import { findBuyerStanding } from './buyer-copy.repository.ts';

// Whether a person may be the buyer of an order. The principal knows this of the caller; of anybody else only the copies do.

/** A person whom somebody else made the buyer. */
export interface NamedBuyer {
  buyerId: string;
  organizationId: string | null;
}

/** What is known of a named buyer. */
export interface BuyerStanding {
  /** Null when nobody has this id. */
  status: string | null;
  organizationExists: boolean;
  /** Of the person in the organization. */
  roles: readonly string[];
}

const BUYER = ['input', 'buyerId'];
const ORGANIZATION = ['input', 'organizationId'];
const BUYING: readonly string[] = ['OWNER', 'BILLING_MANAGER', 'BUYER'] satisfies readonly OrganizationRole[];
const BUYER_STATES: readonly string[] = ['INVITED', 'ACTIVE'];

/** Refuses a buyer who may not be one. Asks the database only about what the caller's principal does not answer. */
export async function assertMayBuy(
  tx: Transaction,
  principal: Principal | null,
  { buyerId, organizationId }: Pick<OrderOwners, 'buyerId' | 'organizationId'>,
): Promise<void> {
  if (buyerId === null || buysAs(principal, { buyerId, organizationId })) return;
  const named = { buyerId, organizationId };
  const standing = await findBuyerStanding(tx, named);
  const organizationExists = standing.organizationExists || isOrganizationOf(principal, organizationId);
  refuseIfAny(buyerErrors(named, { ...standing, organizationExists }));
}

/** Whether the buyer is the caller, alone or for an organization of theirs. */
const buysAs = (principal: Principal | null, { buyerId, organizationId }: NamedBuyer): boolean =>
  principal?.type === 'user' &&
  principal.userId === buyerId &&
  (organizationId === null || organizationsWhere(principal, 'BUYER').includes(organizationId));

/** Nobody is told that their own organization is not there, however late news of it are. */
const isOrganizationOf = (principal: Principal | null, organizationId: string | null): boolean =>
  organizationId !== null &&
  (partnerOrganizationOf(principal) === organizationId ||
    organizationsWhere(principal, 'VIEWER').includes(organizationId));

/** What stands against a buyer, with the paths of the input that names them. */
export function buyerErrors(
  { organizationId }: Pick<NamedBuyer, 'organizationId'>,
  { status, organizationExists, roles }: BuyerStanding,
): UserError[] {
  const errors: UserError[] = [];
  // A member who may only look is as little a buyer as somebody from elsewhere; clients do not read members and learn of neither.
  const belongs = organizationId === null || !organizationExists || roles.some((role) => BUYING.includes(role));
  if (organizationId !== null && !organizationExists) errors.push(notFoundError(ORGANIZATION));
  // Nothing but the id is left of somebody who was erased.
  if (status === null || status === 'ERASED' || !belongs) errors.push(notFoundError(BUYER));
  else if (!BUYER_STATES.includes(status))
    errors.push(stateError('This person cannot buy.', status, status === 'SUSPENDED' ? ['ACTIVE'] : [], BUYER));
  return errors;
}
