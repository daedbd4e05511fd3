import { randomUUID } from 'node:crypto';

import { SYSTEM } from '@tributary/kit';
import type { EventEnvelope, OrganizationRole } from '@tributary/kit';
import { userHandlers } from '@tributary/orders/buyer/user-events';

import { uuid } from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

// Users as orders hear of them: events, each handled in a transaction of its own.

/** Delivers an event of users to orders. */
export async function tellOfUsers(
  { subgraph }: Pick<OrdersWorld, 'subgraph'>,
  { type, id, version, data }: { type: string; id: string; version: number; data: Record<string, unknown> },
): Promise<void> {
  const event: EventEnvelope = {
    id: randomUUID(),
    type,
    schemaVersion: 1,
    aggregateType: 'User',
    aggregateId: id,
    aggregateVersion: version,
    occurredAt: new Date().toISOString(),
    actor: SYSTEM,
    traceparent: null,
    data,
  };
  await subgraph.writer.write({ actor: SYSTEM, traceparent: null }, (tx) =>
    userHandlers[type]!(tx, event as EventEnvelope<never>),
  );
}

/** A numbered person has a status. */
export const tellUser = (world: Pick<OrdersWorld, 'subgraph'>, number: number, status = 'ACTIVE', version = 1) =>
  tellOfUsers(world, { type: 'user.updated', id: uuid('user', number), version, data: { status, fields: ['status'] } });

export interface MemberNews {
  /** Number of the membership; left out: of the person. */
  membership?: number;
  user: number;
  organization: number;
  role: OrganizationRole | null;
  version?: number;
}

/** A numbered person belongs to a numbered organization, or has left it. */
export const tellMember = (
  world: Pick<OrdersWorld, 'subgraph'>,
  { user, membership = user, organization, role, version = 1 }: MemberNews,
) =>
  tellOfUsers(world, {
    type: 'membership.changed',
    id: uuid('membership', membership),
    version,
    data: { organizationId: uuid('organization', organization), userId: uuid('user', user), role, fields: ['role'] },
  });
