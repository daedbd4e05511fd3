import { createHmac, timingSafeEqual } from 'node:crypto';

import { domainError } from '../errors.ts';

/** Where a row stands in its list: the sort key as text (null for rows without one) and the id. */
export interface Position {
  key: string | null;
  id: string;
}

/** Writes and reads opaque cursors. A cursor is bound to its list (name and sort): it means nothing anywhere else. */
export interface CursorCodec {
  encode(list: string, position: Position): string;
  /** Throws INVALID_CURSOR when the text was changed, made up, or belongs to another list or sort. */
  decode(list: string, cursor: string): Position;
}

export const invalidCursor = domainError(
  'INVALID_CURSOR',
  () =>
    'A cursor does not belong to this list and sort. Use one that this list returned, or leave it out to start at the beginning.',
);

const VERSION = 1;
const MAC_BYTES = 12; // 96 bits; a cursor protects against tampering with keyset bounds, not against an offline attacker with years
const MAX_LENGTH = 512;

/** `key`: at least 32 random bytes, the same on every replica, so that a cursor works wherever the next request lands. */
export function createCursorCodec(key: Uint8Array): CursorCodec {
  const mac = (list: string, payload: Uint8Array) =>
    createHmac('sha256', key).update(`${list}\0`).update(payload).digest().subarray(0, MAC_BYTES);
  return {
    encode(list, { key: sortKey, id }) {
      const payload = Buffer.from(JSON.stringify([VERSION, sortKey, id]));
      return Buffer.concat([mac(list, payload), payload]).toString('base64url');
    },
    decode(list, cursor) {
      const bytes = cursor.length <= MAX_LENGTH ? Buffer.from(cursor, 'base64url') : Buffer.alloc(0);
      const payload = bytes.subarray(MAC_BYTES);
      if (payload.length === 0 || !timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(list, payload)))
        throw invalidCursor();
      const [, sortKey, id] = JSON.parse(payload.toString()) as [number, string | null, string];
      return { key: sortKey, id };
    },
  };
}
