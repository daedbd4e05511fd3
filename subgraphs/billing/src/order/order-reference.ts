import { badUserInput, money, parseGlobalId } from '@tributary/kit';
import type { IdType, Money } from '@tributary/kit';
import { scalars } from '@tributary/kit/scalars';

import { referencedId } from '../reference-resolver.ts';
import type { Representation } from '../reference-resolver.ts';
import type { OrderReference, OrderTerms } from './order.ts';

/**
 * Takes the key out of a representation, and the fields that `outstandingAmount` requires where they are given; nothing else.
 * Throws INVALID_ID or BAD_USER_INPUT.
 */
export function parseOrderReference(representation: Representation): OrderReference {
  return { id: referencedId('Order', representation), terms: parseTerms(representation) };
}

// The gateway sends null for a required field whose resolver failed or that the caller may not see. Without a total nothing is known;
// the others are null for good reasons.
function parseTerms({
  total,
  canceledAt,
  buyerId,
  organizationId,
  partnerOrganizationId,
}: Representation): OrderTerms | null {
  const amount = parseMoney(total);
  if (amount === null) return null;
  return {
    total: amount,
    canceled: isGiven(canceledAt),
    buyerId: parseOwner('User', buyerId),
    organizationId: parseOwner('Organization', organizationId),
    partnerOrganizationId: parseOwner('Organization', partnerOrganizationId),
  };
}

function parseMoney(value: unknown): Money | null {
  if (typeof value !== 'object' || value === null) return null;
  const { amountMinor, currency } = value as Record<string, unknown>;
  if (!isGiven(amountMinor) || !isGiven(currency)) return null;
  try {
    return money(parseScalar<bigint>('MinorUnits', amountMinor), parseScalar<string>('CurrencyCode', currency));
  } catch {
    throw badUserInput('The total in the representation of an order is not an amount of money.');
  }
}

const parseScalar = <T>(name: string, value: unknown) => scalars[name]!.parseValue(value) as T;

const parseOwner = (type: IdType, value: unknown): string | null =>
  isGiven(value) ? parseGlobalId(type, typeof value === 'string' ? value : '') : null;

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;
