import { forbidden, hasRole, invalidInput, notFoundError, organizationsWhere, refuse } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import type { OrderOwners, SalesChannel } from './order.ts';

// Whose order a draft becomes. A person orders for themselves, alone or for an organization of theirs; support orders for a buyer; an
// API client orders for its own organization, with or without a buyer from it. What the caller may do is decided here; whether a buyer whom
// they name may be one, in `named-buyer.ts`.

export interface WantedOwners {
  /** Left out, the caller or the stored one; null is nobody. */
  buyerId: string | null | undefined;
  organizationId: string | null | undefined;
}

export interface DraftOwner extends OrderOwners {
  channel: SalesChannel;
}

const BUYER = ['input', 'buyerId'];
const ORGANIZATION = ['input', 'organizationId'];

/** Throws FORBIDDEN for what the caller may not do, and a refusal for what makes no sense. */
export function draftOwner(principal: Principal | null, wanted: WantedOwners): DraftOwner {
  switch (principal?.type) {
    case 'user':
      return (wanted.buyerId ?? principal.userId) === principal.userId && hasRole(principal, 'CUSTOMER')
        ? ofPerson(principal, wanted)
        : ofBuyer(principal, wanted);
    case 'client':
      return ofClient(principal, wanted);
    case 'service':
    case undefined:
      throw forbidden();
  }
}

/** Who owns a draft after a change of it. What is left out stays. */
export function changedOwner(principal: Principal | null, stored: OrderOwners, wanted: WantedOwners): OrderOwners {
  const buyerId = wanted.buyerId === undefined ? stored.buyerId : wanted.buyerId;
  const organizationId = wanted.organizationId === undefined ? stored.organizationId : wanted.organizationId;
  if (buyerId === stored.buyerId && organizationId === stored.organizationId) return stored;
  if (principal?.type === 'client') {
    // A draft that a member made is the member's, also for the client of the organization.
    if (stored.partnerOrganizationId !== principal.organizationId) throw forbidden();
  } else if (buyerId === null && stored.buyerId !== null) refuse(invalidInput('A draft keeps its buyer.', BUYER));
  // A colleague may change the draft of a member, but not make it another person's.
  if (buyerId !== stored.buyerId || !isOwn(principal, buyerId)) {
    const { partnerOrganizationId: _, ...owner } = draftOwner(principal, { buyerId, organizationId });
    return { ...owner, partnerOrganizationId: stored.partnerOrganizationId };
  }
  if (organizationId !== null) assertMayOrderFor(principal, organizationId);
  return { ...stored, organizationId };
}

const isOwn = (principal: Principal | null, buyerId: string | null) =>
  principal?.type === 'user' && principal.userId === buyerId;

function ofPerson(person: Principal & { type: 'user' }, { organizationId = null }: WantedOwners): DraftOwner {
  if (organizationId !== null) assertMayOrderFor(person, organizationId);
  return { channel: 'WEB', buyerId: person.userId, organizationId, partnerOrganizationId: null };
}

function ofBuyer(person: Principal, { buyerId, organizationId = null }: WantedOwners): DraftOwner {
  if (!hasRole(person, 'SUPPORT')) throw forbidden();
  if (!buyerId) return refuse(invalidInput('Support orders for a buyer: name them.', BUYER));
  return { channel: 'SUPPORT', buyerId, organizationId, partnerOrganizationId: null };
}

function ofClient(
  { organizationId: own }: Principal & { type: 'client' },
  { buyerId, organizationId }: WantedOwners,
): DraftOwner {
  if (organizationId === null)
    refuse(invalidInput('An order of an API client belongs to its organization.', ORGANIZATION));
  if (organizationId !== undefined && organizationId !== own) refuse(notFoundError(ORGANIZATION));
  return { channel: 'PARTNER_API', buyerId: buyerId ?? null, organizationId: own, partnerOrganizationId: own };
}

/** An organization that the caller is no member of looks like one that does not exist. */
function assertMayOrderFor(principal: Principal | null, organizationId: string): void {
  if (organizationsWhere(principal, 'BUYER').includes(organizationId)) return;
  if (organizationsWhere(principal, 'VIEWER').includes(organizationId)) throw forbidden();
  refuse(notFoundError(ORGANIZATION));
}
