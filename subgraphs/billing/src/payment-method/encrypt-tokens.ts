import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { UnreadableField } from '@tributary/kit/field-encryption';
import type { FieldCipher } from '@tributary/kit/field-encryption';

import { encryptToken, readToken } from './stored-token.ts';
import type { StoredToken } from './stored-token.ts';

export interface EncryptedTokens {
  encrypted: number;
  /** Ids of methods whose tokens are under a key that is not there, or were changed. They stay as they are. */
  unreadable: readonly string[];
}

export interface EncryptTokensOptions {
  /** Runs a statement as a role that may change the table; each is a transaction of its own. */
  query: (statement: Sql) => Promise<{ rows: unknown[]; rowCount: number | null }>;
  cipher: FieldCipher;
  /** `plain`: those that are not encrypted. `old`: those that are not under the newest key, plain ones among them. */
  which: 'plain' | 'old';
  batch?: number;
}

const BATCH = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Puts tokens under the newest key, beside a running system and in batches. A token that somebody else changes meanwhile is left to
 * them; whoever breaks off goes on with the rest next time.
 */
export async function encryptTokens({
  query,
  cipher,
  which,
  batch = BATCH,
}: EncryptTokensOptions): Promise<EncryptedTokens> {
  const unreadable: string[] = [];
  let encrypted = 0;
  for (let after = FIRST; ;) {
    const { rows } = await query(selectTokens(which === 'plain' ? PLAIN : notUnder(cipher.prefix), after, batch));
    const tokens = rows as StoredToken[];
    const changes = tokens.flatMap((stored) => {
      const token = readOrNull(cipher, stored);
      if (token === null) unreadable.push(stored.methodId);
      return token === null ? [] : [{ stored, next: encryptToken(cipher, stored.methodId, token) }];
    });
    const { rowCount } = changes.length > 0 ? await query(updateTokens(changes)) : { rowCount: 0 };
    encrypted += rowCount ?? 0;
    if (tokens.length < batch) return { encrypted, unreadable };
    after = tokens.at(-1)!.methodId;
  }
}

function readOrNull(cipher: FieldCipher, stored: StoredToken): string | null {
  try {
    return readToken(cipher, stored);
  } catch (error) {
    if (error instanceof UnreadableField) return null;
    throw error;
  }
}

const PLAIN = sql`m.provider_token_plain IS NOT NULL`;
const notUnder = (prefix: string) => sql`(${PLAIN} OR NOT starts_with(m.provider_token_enc, ${prefix}))`;

// By id, so that what cannot be read is passed by once and not found again. For `plain` there is an index that is empty after the first time.
const selectTokens = (which: Sql, after: string, limit: number) =>
  sql`SELECT m.id AS "methodId", m.provider_token_plain AS "plain", m.provider_token_enc AS "encrypted"
    FROM billing.payment_methods m WHERE ${which} AND m.id > ${after}::uuid ORDER BY m.id LIMIT ${limit}`;

// Only where it still says what was read: whoever changed it in between wins.
const updateTokens = (changes: readonly { stored: StoredToken; next: string }[]) =>
  sql`UPDATE billing.payment_methods m SET provider_token_enc = c.next, provider_token_plain = NULL
    FROM unnest(${changes.map(({ stored }) => stored.methodId)}::uuid[], ${changes.map(({ stored }) => stored.plain)}::text[],
      ${changes.map(({ stored }) => stored.encrypted)}::text[], ${changes.map(({ next }) => next)}::text[]) AS c (id, plain, encrypted, next)
    WHERE m.id = c.id AND m.provider_token_plain IS NOT DISTINCT FROM c.plain
      AND m.provider_token_enc IS NOT DISTINCT FROM c.encrypted`;
