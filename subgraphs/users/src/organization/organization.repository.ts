import sql from 'sql-template-tag';

import { anyArm, columnsOf, visibleArms } from '@tributary/kit';
import type { RequestContext } from '@tributary/kit';

import { organizationEntity } from './organization.entity.ts';
import type { Organization } from './organization.ts';
import { organizationVisibility } from './organization.visibility.ts';

export interface OrganizationRepository {
  /** The organizations among `ids` that the caller may see, in no particular order. */
  findByIds(ids: readonly string[]): Promise<Organization[]>;
}

const columns = columnsOf(organizationEntity, 'o');

export function createOrganizationRepository(context: RequestContext): OrganizationRepository {
  return {
    findByIds(ids) {
      const visible = anyArm(visibleArms(context, () => organizationVisibility(context.principal)));
      return context.db.query<Organization>(
        sql`SELECT ${columns} FROM users.organizations o WHERE o.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
    },
  };
}
