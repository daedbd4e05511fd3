import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf, noFilter, organizationsWhere, visibleArms } from '@tributary/kit';
import type { NestedListQuery, RequestContext } from '@tributary/kit';

import { membershipEntity } from './membership.entity.ts';
import type { Membership } from './membership.ts';
import { membershipVisibility } from './membership.visibility.ts';

export interface MembershipRepository {
  /** The memberships among `ids` that the caller may see, in no particular order. */
  findByIds(ids: readonly string[]): Promise<Membership[]>;
  /** For each of the people, the organizations they share with the caller. */
  findSharedOrganizations(userIds: readonly string[]): Promise<Pick<Membership, 'userId' | 'organizationId'>[]>;
}

const columns = columnsOf(membershipEntity, 'm');

export function createMembershipRepository(context: RequestContext): MembershipRepository {
  return {
    findByIds(ids) {
      const visible = anyArm(membershipArms(context));
      return context.db.query<Membership>(
        sql`SELECT ${columns} FROM users.memberships m WHERE m.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
    },
    async findSharedOrganizations(userIds) {
      const own = organizationsWhere(context.principal, 'VIEWER');
      if (own.length === 0) return [];
      return context.db.query(
        sql`SELECT m.user_id AS "userId", m.organization_id AS "organizationId" FROM users.memberships m
          WHERE m.organization_id = ANY(${own}::uuid[]) AND m.user_id = ANY(${userIds}::uuid[])`,
      );
    },
  };
}

/** Memberships below people, in the order of joining. */
export const membershipsByUser = (context: RequestContext): NestedListQuery =>
  membershipsBelow(context, 'User.memberships', sql`m.user_id`);

/** Memberships below organizations, in the order of joining. */
export const membersByOrganization = (context: RequestContext): NestedListQuery =>
  membershipsBelow(context, 'Organization.members', sql`m.organization_id`);

function membershipsBelow(context: RequestContext, name: string, parent: Sql): NestedListQuery {
  return {
    name,
    columns,
    from: sql`users.memberships m`,
    id: sql`m.id`,
    parent,
    sort: { direction: 'ASC', key: { column: sql`m.created_at`, type: 'timestamptz', nullable: false } },
    arms: membershipArms(context),
    filter: noFilter,
  };
}

function membershipArms(context: RequestContext): readonly Sql[] {
  return visibleArms(context, () => membershipVisibility(context.principal));
}
