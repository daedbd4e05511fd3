import { notFoundError, refuse, versionConflict } from '@tributary/kit';
import type { Kept, Principal, WriteTransaction } from '@tributary/kit';

import { changedFields } from '../changes.ts';
import { organizationUpdated } from '../events.ts';
import { assertStillManages } from '../membership/standing.ts';
import type { MembershipStore } from '../membership/membership.repository.ts';
import { readOrganizationChange } from './organization-input.ts';
import type { OrganizationChangeInput } from './organization-input.ts';
import { assertMayTryToManage } from './organization.access.ts';
import type { OrganizationStore } from './organization.repository.ts';
import type { Organization } from './organization.ts';

export interface UpdateOrganization extends OrganizationChangeInput {
  organizationId: string;
  expectedVersion: number;
}

interface UpdateOrganizationDeps {
  organizations: OrganizationStore;
  memberships: MembershipStore;
  principal: Principal | null;
}

export async function updateOrganization(
  tx: WriteTransaction,
  { organizations, memberships, principal }: UpdateOrganizationDeps,
  { organizationId, expectedVersion, ...input }: UpdateOrganization,
): Promise<Kept<Organization>> {
  assertMayTryToManage(principal, organizationId);
  const change = readOrganizationChange(input);

  const stored = await organizations.lock(organizationId);
  if (!stored) return refuse(notFoundError(['input', 'id']));
  assertStillManages(principal, await memberships.findStandings(organizationId, null, principal), ['input', 'id']);
  if (stored.version !== expectedVersion) refuse(versionConflict(stored.version));

  const fields = changedFields(stored, change);
  const organization = await organizations.store({ ...stored, ...change });
  if (fields.length > 0) tx.publish(organizationUpdated(organization, fields));
  tx.audit({ action: 'organizationUpdate', object: { type: 'Organization', id: organizationId }, details: { fields } });
  return { result: organization, ids: { organization: organizationId } };
}
