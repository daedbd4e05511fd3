import { forbidden, newUuid } from '@tributary/kit';
import type { Kept, Principal, WriteTransaction } from '@tributary/kit';

import { membershipSet, organizationCreated } from '../events.ts';
import type { MembershipStore } from '../membership/membership.repository.ts';
import { currencyOfCountry } from './currency-of-country.ts';
import { readNewOrganization } from './organization-input.ts';
import type { OrganizationCreateInput } from './organization-input.ts';
import { mayCreateOrganization } from './organization.access.ts';
import type { OrganizationStore } from './organization.repository.ts';
import type { Organization } from './organization.ts';

interface CreateOrganizationDeps {
  organizations: OrganizationStore;
  memberships: MembershipStore;
  principal: Principal | null;
}

/** Founds an organization, with the caller as its owner. */
export async function createOrganization(
  tx: WriteTransaction,
  { organizations, memberships, principal }: CreateOrganizationDeps,
  input: OrganizationCreateInput,
): Promise<Kept<Organization>> {
  if (principal?.type !== 'user' || !mayCreateOrganization(principal, input.kind)) throw forbidden();
  const details = readNewOrganization(input);

  const organization = await organizations.add({ id: newUuid(tx.now), ...details });
  const membership = await memberships.add({
    id: newUuid(tx.now),
    organizationId: organization.id,
    userId: principal.userId,
    role: 'OWNER',
  });
  tx.publish(organizationCreated(organization, currencyOfCountry(organization.country)));
  tx.publish(membershipSet(membership));
  tx.audit({
    action: 'organizationCreate',
    object: { type: 'Organization', id: organization.id },
    details: { kind: organization.kind, country: organization.country },
  });
  return { result: organization, ids: { organization: organization.id } };
}
