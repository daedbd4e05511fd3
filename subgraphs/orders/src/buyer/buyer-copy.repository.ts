import type { Transaction } from '@tributary/kit';
import sql from 'sql-template-tag';

import type { BuyerStanding, NamedBuyer } from './named-buyer.ts';

// Copies of what users keep. They serve questions about people whom the caller names; rights of the caller come from the principal.

export interface UserCopy {
  id: string;
  status: string;
  version: number;
}

export interface MembershipCopy {
  id: string;
  organizationId: string;
  userId: string;
  /** Null when the membership has ended. */
  role: string | null;
  version: number;
}

/** Takes over what is newer than what is known. Each person may be in the list once. */
export async function copyUsers(tx: Transaction, users: readonly UserCopy[]): Promise<void> {
  await tx.query(
    // In the order of the ids, so that two lists that meet wait for each other instead of both.
    sql`INSERT INTO orders.user_copies AS c (id, status, version)
      SELECT id, status, version FROM jsonb_to_recordset(${JSON.stringify(users)}::jsonb) AS u (id uuid, status text, version integer)
      ORDER BY id
      ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version WHERE c.version < excluded.version`,
  );
}

/** Takes over what is newer than what is known. Each membership may be in the list once. */
export async function copyMemberships(tx: Transaction, memberships: readonly MembershipCopy[]): Promise<void> {
  await tx.query(
    sql`INSERT INTO orders.membership_copies AS c (id, organization_id, user_id, role, version)
      SELECT id, "organizationId", "userId", role, version FROM jsonb_to_recordset(${JSON.stringify(memberships)}::jsonb)
        AS m (id uuid, "organizationId" uuid, "userId" uuid, role text, version integer)
      ORDER BY id
      ON CONFLICT (id) DO UPDATE SET role = excluded.role, version = excluded.version WHERE c.version < excluded.version`,
  );
}

export async function findBuyerStanding(
  tx: Transaction,
  { buyerId, organizationId }: NamedBuyer,
): Promise<BuyerStanding> {
  const [standing] = await tx.query<BuyerStanding>(
    sql`SELECT (SELECT u.status FROM orders.user_copies u WHERE u.id = ${buyerId}::uuid) AS status,
        EXISTS (SELECT FROM orders.membership_copies m
          WHERE m.organization_id = ${organizationId}::uuid AND m.role IS NOT NULL) AS "organizationExists",
        -- More than one while news of a membership that has ended are on their way.
        ARRAY(SELECT m.role FROM orders.membership_copies m
          WHERE m.organization_id = ${organizationId}::uuid AND m.user_id = ${buyerId}::uuid AND m.role IS NOT NULL) AS roles`,
  );
  return standing!;
}
