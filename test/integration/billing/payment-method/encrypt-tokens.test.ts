import { randomUUID } from 'node:crypto';

import pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { migrations } from '@tributary/billing/migrations/index';
import { encryptTokens } from '@tributary/billing/payment-method/encrypt-tokens';
import { encryptToken, readToken } from '@tributary/billing/payment-method/stored-token';
import type { StoredToken } from '@tributary/billing/payment-method/stored-token';
import { createFieldCipher, migrate, parseFieldKeys } from '@tributary/kit';
import type { FieldCipher } from '@tributary/kit';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';

const ACCOUNT = '01920000-0000-7000-8000-00000000000a';
const keyOf = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64url')}`;
const cipherOf = (...keys: string[]) => createFieldCipher(parseFieldKeys(keys.join(',')));
const [OLD, NEW] = [keyOf('old', 1), keyOf('new', 2)];
const old = cipherOf(OLD);
const both = cipherOf(NEW, OLD);

let database: TestDatabase;
beforeEach(async () => {
  database = await startTestPostgres();
  await database.query(
    `INSERT INTO billing.billing_accounts (id, owner_type, owner_id, currency) VALUES ($1, 'USER', $1, 'EUR')`,
    [ACCOUNT],
  );
});
afterEach(() => database[Symbol.asyncDispose]());

async function addMethod(token: Partial<Pick<StoredToken, 'plain' | 'encrypted'>>, id = randomUUID()): Promise<string> {
  await database.query(
    `INSERT INTO billing.payment_methods (id, account_id, type, provider, provider_token_plain, provider_token_enc)
      VALUES ($1, $2, 'CARD', 'test', $3, $4)`,
    [id, ACCOUNT, token.plain ?? null, token.encrypted ?? null],
  );
  return id;
}
async function addMethods(count: number, token: (id: string) => Partial<StoredToken>): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids) await addMethod(token(id), id);
  return ids.sort();
}

const query = (statement: Sql) => database.client.query(statement);
const run = (cipher: FieldCipher, which: 'plain' | 'old', batch = 3) => encryptTokens({ query, cipher, which, batch });

const stored = () =>
  database.query<StoredToken & { prefix: string | null }>(
    `SELECT id AS "methodId", provider_token_plain AS plain, provider_token_enc AS encrypted,
      substring(provider_token_enc FROM '^v1[.][^.]*') AS prefix FROM billing.payment_methods ORDER BY id`,
  );
const tokensWith = async (cipher: FieldCipher) => (await stored()).map((token) => readToken(cipher, token));

test('methods that were saved before tokens were encrypted keep theirs, through the migration and after', async () => {
  await using old8 = await startTestPostgres();
  await old8.query('DROP SCHEMA billing CASCADE; CREATE SCHEMA billing AUTHORIZATION billing_owner');
  const owner = new pg.Client({ connectionString: old8.adminUrl });
  await owner.connect();
  try {
    await owner.query('SET ROLE billing_owner');
    await migrate(owner, 'billing', migrations.slice(0, 8));
    await owner.query(`INSERT INTO billing.billing_accounts (id, owner_type, owner_id, currency)
      VALUES ('${ACCOUNT}', 'USER', '${ACCOUNT}', 'EUR');
      INSERT INTO billing.payment_methods (id, account_id, type, provider, provider_token)
      SELECT md5(n::text)::uuid, '${ACCOUNT}', 'CARD', 'test', 'tok_' || n FROM generate_series(1, 7) n`);
    await migrate(owner, 'billing', migrations);
    const shown =
      'SELECT id AS "methodId", provider_token_plain AS plain, provider_token_enc AS encrypted FROM billing.payment_methods';
    const read = async () => (await owner.query<StoredToken>(shown)).rows.map((token) => readToken(old, token)).sort();
    const expected = [1, 2, 3, 4, 5, 6, 7].map((n) => `tok_${n}`);
    expect(await read()).toEqual(expected);
    await encryptTokens({ query: (statement) => owner.query(statement), cipher: old, which: 'plain', batch: 3 });
    expect(await read()).toEqual(expected);
    const { rows } = await owner.query('SELECT FROM billing.payment_methods WHERE provider_token_plain IS NULL');
    expect(rows).toHaveLength(7);
  } finally {
    await owner.end();
  }
});

test('a method has its token in one of the two ways, and what is no ciphertext is not taken for one', async () => {
  const encrypted = encryptToken(old, randomUUID(), 'tok');
  await expect(addMethod({})).rejects.toThrow('payment_methods_token_check');
  await expect(addMethod({ plain: 'tok', encrypted })).rejects.toThrow('payment_methods_token_check');
  await expect(addMethod({ encrypted: 'tok_visa' })).rejects.toThrow('payment_methods_token_enc_check');
  await addMethod({ encrypted });
  await addMethod({ plain: 'tok' });
});

test('plain tokens are encrypted, batch by batch; those under an older key are left alone', async () => {
  await addMethods(7, () => ({ plain: 'tok_plain' }));
  const before = await addMethods(2, (id) => ({ encrypted: encryptToken(old, id, 'tok_old') }));
  expect(await run(both, 'plain')).toEqual({ encrypted: 7, unreadable: [] });
  const now = await stored();
  expect(now.filter(({ plain }) => plain !== null)).toEqual([]);
  expect(now.filter(({ prefix }) => prefix === 'v1.old').map(({ methodId }) => methodId)).toEqual(before);
  expect((await tokensWith(both)).sort()).toEqual([
    ...Array<string>(2).fill('tok_old'),
    ...Array<string>(7).fill('tok_plain'),
  ]);
  expect(await run(both, 'plain')).toEqual({ encrypted: 0, unreadable: [] });
});

describe('a new key', () => {
  test('is put over everything that is not under it, after which the old one is not needed', async () => {
    await addMethods(7, (id) => ({ encrypted: encryptToken(old, id, 'tok') }));
    await addMethod({ plain: 'tok' });
    const [kept] = await addMethods(1, (id) => ({ encrypted: encryptToken(both, id, 'tok') }));
    const before = (await stored()).find(({ methodId }) => methodId === kept);
    expect(await run(both, 'old')).toEqual({ encrypted: 8, unreadable: [] });
    expect(await tokensWith(cipherOf(NEW))).toEqual(Array(9).fill('tok'));
    expect((await stored()).find(({ methodId }) => methodId === kept)).toEqual(before);
    expect(await run(both, 'old')).toEqual({ encrypted: 0, unreadable: [] });
  });

  test('passes by what cannot be read, names it and leaves it as it is', async () => {
    await addMethods(4, (id) => ({ encrypted: encryptToken(old, id, 'tok') }));
    const lost = await addMethods(4, (id) => ({ encrypted: encryptToken(cipherOf(keyOf('lost', 3)), id, 'tok') }));
    // Moved here from another method.
    const moved = await addMethods(1, () => ({ encrypted: encryptToken(old, lost[0]!, 'tok') }));
    const { encrypted, unreadable } = await run(both, 'old', 2);
    expect({ encrypted, unreadable: [...unreadable].sort() }).toEqual({
      encrypted: 4,
      unreadable: [...lost, ...moved].sort(),
    });
    expect((await stored()).map(({ prefix }) => prefix).sort()).toEqual([
      ...Array<string>(4).fill('v1.lost'),
      ...Array<string>(4).fill('v1.new'),
      'v1.old',
    ]);
  });

  test('does not undo what somebody else writes in between', async () => {
    const [id] = await addMethods(1, (each) => ({ encrypted: encryptToken(old, each, 'tok_before') }));
    const between = async (statement: Sql) => {
      if (statement.text.trimStart().startsWith('UPDATE'))
        await database.query(
          'UPDATE billing.payment_methods SET provider_token_plain = $2, provider_token_enc = NULL WHERE id = $1',
          [id, 'tok_after'],
        );
      return query(statement);
    };
    expect(await encryptTokens({ query: between, cipher: both, which: 'old' })).toEqual({
      encrypted: 0,
      unreadable: [],
    });
    expect(await tokensWith(both)).toEqual(['tok_after']);
  });

  test('is put on by two that start at once, each token by one of them', async () => {
    await addMethods(20, (id) => ({ encrypted: encryptToken(old, id, 'tok') }));
    const other = new pg.Client({ connectionString: database.adminUrl });
    await other.connect();
    try {
      const runs = await Promise.all([
        run(both, 'old'),
        encryptTokens({ query: (statement) => other.query(statement), cipher: both, which: 'old', batch: 4 }),
      ]);
      expect(runs[0].encrypted + runs[1].encrypted).toBe(20);
      expect(await tokensWith(cipherOf(NEW))).toEqual(Array(20).fill('tok'));
    } finally {
      await other.end();
    }
  });
});
