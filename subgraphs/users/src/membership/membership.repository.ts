import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf, noFilter, organizationsWhere, userIdOf, visibleArms } from '@tributary/kit';
import type { NestedListQuery, OrganizationRole, Principal, RequestContext, Transaction } from '@tributary/kit';

import { membershipEntity } from './membership.entity.ts';
import type { Membership } from './membership.ts';
import { membershipVisibility } from './membership.visibility.ts';

export interface MembershipRepository {
  /** The memberships among `ids` that the caller may see, in no particular order. */
  findByIds(ids: readonly string[]): Promise<Membership[]>;
  /** For each of the people, the organizations they share with the caller. */
  findSharedOrganizations(userIds: readonly string[]): Promise<Pick<Membership, 'userId' | 'organizationId'>[]>;
}

/** Memberships within one transaction, which has locked the organization before it changes any. */
export interface MembershipStore {
  /** The membership, if the caller may see it. */
  find(id: string): Promise<Membership | null>;
  /**
   * The organization's owners, and the memberships of a person and of the caller in it. A statement of its own after the lock: one that waits
   * for a lock goes on with what it saw of other tables before.
   */
  findStandings(organizationId: string, userId: string | null, principal: Principal | null): Promise<Membership[]>;
  add(membership: Pick<Membership, 'id' | 'organizationId' | 'userId' | 'role'>): Promise<Membership>;
  storeRole(id: string, role: OrganizationRole): Promise<Membership>;
  remove(id: string): Promise<void>;
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

export function createMembershipStore(tx: Transaction, context: RequestContext): MembershipStore {
  return {
    async find(id) {
      const visible = anyArm(membershipArms(context));
      const [membership] = await tx.query<Membership>(
        sql`SELECT ${columns} FROM users.memberships m WHERE m.id = ${id}::uuid AND ${visible}`,
      );
      return membership ?? null;
    },
    findStandings(organizationId, userId, principal) {
      const people = [userId, userIdOf(principal)].filter((id) => id !== null);
      return tx.query<Membership>(
        sql`SELECT ${columns} FROM users.memberships m
          WHERE m.organization_id = ${organizationId}::uuid AND (m.role = 'OWNER' OR m.user_id = ANY(${people}::uuid[]))`,
      );
    },
    async add({ id, organizationId, userId, role }) {
      const [membership] = await tx.query<Membership>(
        sql`INSERT INTO users.memberships AS m (id, organization_id, user_id, role)
          VALUES (${id}::uuid, ${organizationId}::uuid, ${userId}::uuid, ${role}) RETURNING ${columns}`,
      );
      return membership!;
    },
    async storeRole(id, role) {
      const [membership] = await tx.query<Membership>(
        sql`UPDATE users.memberships m SET role = ${role}, version = m.version + 1, updated_at = now()
          WHERE m.id = ${id}::uuid RETURNING ${columns}`,
      );
      return membership!;
    },
    async remove(id) {
      await tx.query(sql`DELETE FROM users.memberships m WHERE m.id = ${id}::uuid`);
    },
  };
}

/** The role of a person in an organization, whoever asks; null for somebody who is no member. */
export async function findRole(
  context: RequestContext,
  organizationId: string,
  userId: string,
): Promise<OrganizationRole | null> {
  const [membership] = await context.db.query<Pick<Membership, 'role'>>(
    sql`SELECT m.role FROM users.memberships m WHERE m.organization_id = ${organizationId}::uuid AND m.user_id = ${userId}::uuid`,
  );
  return membership?.role ?? null;
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
