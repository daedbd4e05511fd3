import { fixtureId } from '../kit/fixture.ts';
import type { Caller } from './access-matrix.ts';

// Who may change what in the test world: the reference that the mutations are tested against. Each is called with an input that could
// never change anything, such as a version that the object does not have, so that everybody who may call it is told the same.

export interface MutationRow {
  mutation: string;
  input: Readonly<Record<string, unknown>>;
  /** What those get who may: code of the user error. */
  allowed: string;
  callers: readonly Caller[];
  /** Who may not, because the object does not exist for them. All others who have signed in get FORBIDDEN. */
  blind?: readonly Caller[];
}

const KEY = 'contract-test-key-0001';
const OLD = 999;

/** May order for the buying organization, or stand behind the order in another way. */
const orderWriters = [
  'buyer',
  'organizationOwner',
  'billingManager',
  'organizationBuyer',
  'support',
  'partner',
  'organizationClient',
] as const;
const orderStrangers = ['stranger', 'otherPartner'] as const;

const onOrder = (mutation: string, input: Readonly<Record<string, unknown>>): MutationRow => ({
  mutation,
  input: { id: fixtureId('Order'), expectedVersion: OLD, ...input },
  allowed: 'VERSION_CONFLICT',
  callers: orderWriters,
  blind: orderStrangers,
});

export const MUTATION_MATRIX: readonly MutationRow[] = [
  onOrder('orderDraftSave', { lines: [] }),
  {
    ...onOrder('orderPlace', { idempotencyKey: KEY, expectedTotal: { amountMinor: '1', currency: 'EUR' } }),
    // Placing binds the organization, of which the buyer of this order is no member.
    callers: orderWriters.filter((caller) => caller !== 'buyer'),
  },
  onOrder('orderUpdate', { customerNote: 'changed' }),
  onOrder('orderCancel', { idempotencyKey: KEY, reason: 'CUSTOMER' }),
  {
    mutation: 'productSave',
    input: { id: fixtureId('Product'), expectedVersion: OLD, slug: 'desk-lamp', title: 'Desk lamp', variants: [] },
    allowed: 'VERSION_CONFLICT',
    callers: ['admin'],
  },
  {
    mutation: 'invoicePay',
    // Written off: nobody can pay it anymore.
    input: { invoiceId: fixtureId('Invoice'), idempotencyKey: KEY },
    allowed: 'INVALID_STATE',
    callers: ['buyer', 'organizationOwner', 'billingManager', 'partner', 'organizationClient'],
    blind: ['organizationBuyer', 'viewer', 'stranger', 'otherPartner'],
  },
];
