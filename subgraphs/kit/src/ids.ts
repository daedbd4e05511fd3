import { randomBytes } from 'node:crypto';

import { domainError } from './errors.ts';

// Global ids: `<prefix>_<26 lower-case Crockford base32 characters of a UUID>`, for example ord_01jd3m8t6mfxbr5z1y7k9d2v4w.
// Clients treat them as opaque. The prefix lets a wrong type be refused before any SQL runs. In the database and in the
// code an id is a plain UUID string.

export const ID_PREFIXES = {
  User: 'usr',
  AddressBookEntry: 'adr',
  Organization: 'org',
  Membership: 'mem',
  ApiClient: 'cli',
  WebhookEndpoint: 'whe',
  Product: 'prd',
  ProductVariant: 'var',
  Order: 'ord',
  OrderLine: 'oln',
  Shipment: 'shp',
  OrderReturn: 'ret',
  BillingAccount: 'bac',
  PaymentMethod: 'pmm',
  Invoice: 'inv',
  Payment: 'pay',
  Refund: 'rfd',
  CreditNote: 'crn',
  Payout: 'pot',
  LedgerTransaction: 'ltx',
} as const;

export type IdType = keyof typeof ID_PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_PATTERN = /^([a-z]{3})_([0-7][0-9a-hjkmnp-tv-z]{25})$/;
const TYPE_BY_PREFIX = new Map<string, IdType>(
  Object.entries(ID_PREFIXES).map(([type, prefix]) => [prefix, type as IdType]),
);

export const invalidId = domainError('INVALID_ID', ({ expected }: { expected: IdType | 'object' }) =>
  expected === 'object'
    ? 'This is not a global id of this graph.'
    : `This is not the id of ${/^[AEIO]/.test(expected) ? 'an' : 'a'} ${expected}; such ids start with "${ID_PREFIXES[expected]}_".`,
);

/** Writes a UUID as the global id of a type. */
export function toGlobalId(type: IdType, uuid: string): string {
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let digit = 0; digit < 26; digit += 1) {
    text = ALPHABET.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return `${ID_PREFIXES[type]}_${text}`;
}

/** The UUID behind a global id of the given type. Throws INVALID_ID for anything else, also for ids of other types. */
export function parseGlobalId(type: IdType, id: string): string {
  const parsed = tryParseGlobalId(id);
  if (parsed?.type !== type) throw invalidId({ expected: type });
  return parsed.uuid;
}

/** Type and UUID of a global id, or null when the text is not one. */
export function tryParseGlobalId(id: string): { type: IdType; uuid: string } | null {
  const [, prefix, digits] = ID_PATTERN.exec(id) ?? [];
  const type = prefix === undefined ? undefined : TYPE_BY_PREFIX.get(prefix);
  if (type === undefined || digits === undefined) return null;
  let value = 0n;
  for (const digit of digits) value = (value << 5n) | BigInt(ALPHABET.indexOf(digit));
  const hex = value.toString(16).padStart(32, '0');
  return {
    type,
    uuid: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  };
}

/** A new UUID version 7 (RFC 9562): sorts by creation time in milliseconds. */
export function newUuid(now: Date, random: Uint8Array = randomBytes(10)): string {
  const time = now.getTime().toString(16).padStart(12, '0');
  const tail = Buffer.from(random);
  tail[0] = 0x70 | (tail[0]! & 0x0f);
  tail[2] = 0x80 | (tail[2]! & 0x3f);
  const hex = time + tail.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
