import { createHmac, timingSafeEqual } from 'node:crypto';

import { domainError } from '../errors.ts';
import { invariant } from '../invariant.ts';

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
const MIN_KEY_BYTES = 32;
const MAX_LENGTH = 8_192; // a text key of a thousand characters, each escaped, still fits

/** `key`: at least 32 random bytes, the same on every replica, so that a cursor works wherever the next request lands. */
export function createCursorCodec(key: Uint8Array): CursorCodec {
  invariant(key.length >= MIN_KEY_BYTES, `The cursor key needs at least ${MIN_KEY_BYTES} bytes.`);
  const mac = (list: string, payload: Uint8Array) =>
    createHmac('sha256', key).update(`${list}\0`).update(payload).digest().subarray(0, MAC_BYTES);
  return {
    encode(list, { key: sortKey, id }) {
      const payload = Buffer.from(JSON.stringify([VERSION, sortKey, id]));
      return Buffer.concat([mac(list, payload), payload]).toString('base64url');
    },
    decode(list, cursor) {
      if (cursor.length > MAX_LENGTH) throw invalidCursor();
      const bytes = Buffer.from(cursor, 'base64url');
      const payload = bytes.subarray(MAC_BYTES);
      // The decoder skips what is not base64url, so a changed text may still decode to the same bytes.
      if (payload.length === 0 || bytes.toString('base64url') !== cursor) throw invalidCursor();
      if (!timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(list, payload))) throw invalidCursor();
      const [version, sortKey, id] = JSON.parse(payload.toString()) as [number, string | null, string];
      if (version !== VERSION) throw invalidCursor();
      return { key: sortKey, id };
    },
  };
}
