import { toGlobalId } from '@tributary/kit/ids';

import { fixtureId, organizations } from '../kit/fixture.ts';
import type { SubgraphName } from '../kit/test-database.ts';
import type { Caller } from './access-matrix.ts';

// Who may follow what in the test world: the reference that the subscriptions are tested against.

export interface SubscriptionRow {
  subgraph: SubgraphName;
  field: string;
  /** What is followed, as arguments. */
  of: string;
  callers: readonly Caller[];
  /** Who may follow others, but for whom this one does not exist. All others who have signed in get FORBIDDEN. */
  blind: readonly Caller[];
}

const members = ['organizationOwner', 'billingManager', 'organizationBuyer', 'viewer'] as const;
const billingManagers = ['organizationOwner', 'billingManager'] as const;
const weakerMembers = ['organizationBuyer', 'viewer'] as const;
const strangers = ['stranger', 'otherPartner'] as const;
const buyingOrganization = `organizationId: "${toGlobalId('Organization', organizations.buying)}"`;

export const SUBSCRIPTION_MATRIX: readonly SubscriptionRow[] = [
  {
    ...{ subgraph: 'orders', field: 'orderUpdated', of: `orderId: "${fixtureId('Order')}"` },
    callers: ['buyer', ...members, 'support', 'partner', 'organizationClient', 'service'],
    blind: strangers,
  },
  {
    ...{ subgraph: 'orders', field: 'orderUpdated', of: buyingOrganization },
    callers: [...members, 'support', 'organizationClient', 'service'],
    blind: ['buyer', 'partner', ...strangers],
  },
  {
    ...{ subgraph: 'billing', field: 'invoiceUpdated', of: `invoiceId: "${fixtureId('Invoice')}"` },
    callers: ['buyer', ...billingManagers, 'support', 'finance', 'partner', 'organizationClient', 'service'],
    blind: [...weakerMembers, ...strangers],
  },
  {
    ...{ subgraph: 'billing', field: 'invoiceUpdated', of: buyingOrganization },
    callers: [...billingManagers, 'support', 'finance', 'organizationClient', 'service'],
    blind: ['buyer', 'partner', ...weakerMembers, ...strangers],
  },
];
