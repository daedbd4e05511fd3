import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import pg from 'pg';
import { expect, test, vi } from 'vitest';

import { readToken } from '@tributary/billing/payment-method/stored-token';
import type { StoredToken } from '@tributary/billing/payment-method/stored-token';
import { createFieldCipher, parseFieldKeys } from '@tributary/kit/field-encryption';

import { adminUrlOf, lineOf, startApp } from './app-process.ts';
import type { AppProcess } from './app-process.ts';
import { newDataDir } from './data-dir.ts';

vi.setConfig({ testTimeout: 120_000 }); // whole processes, of which a busy machine runs several at once

const ID = '01920000-0000-7000-8000-00000000000a';

async function query<Row extends pg.QueryResultRow>(app: AppProcess, dataDir: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: await adminUrlOf(app, dataDir) });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function stop(app: AppProcess): Promise<void> {
  app.child.kill('SIGTERM');
  expect(await app.exited).toBe(0);
}

test('a token that was saved as plain text is encrypted by the next start, under a key kept below the data directory', async () => {
  const dataDir = await newDataDir();
  const settings = { DATA_DIR: dataDir, PORT: '0', SEED: 'none' };
  const first = startApp(settings);
  await lineOf(first, /^Tributary is ready/);
  await query(
    first,
    dataDir,
    `WITH account AS (INSERT INTO billing.billing_accounts (id, owner_type, owner_id, currency)
        VALUES ('${ID}', 'USER', '${ID}', 'EUR') RETURNING id)
      INSERT INTO billing.payment_methods (id, account_id, type, provider, provider_token_plain)
        SELECT '${ID}', id, 'CARD', 'devpay', 'tok_timeout' FROM account`,
  );
  const keys = await readFile(join(dataDir, 'secrets', 'field-encryption-keys'), 'utf8');
  await stop(first);

  const second = startApp(settings);
  await lineOf(second, /^Tributary is ready/);
  const stored = await query<StoredToken>(
    second,
    dataDir,
    'SELECT id AS "methodId", provider_token_plain AS plain, provider_token_enc AS encrypted FROM billing.payment_methods',
  );
  expect(stored).toEqual([
    { methodId: ID, plain: null, encrypted: expect.stringMatching(/^v1\.k[0-9a-f]{8}\./) as string },
  ]);
  expect(readToken(createFieldCipher(parseFieldKeys(keys.trim())), stored[0]!)).toBe('tok_timeout');
  expect(await readFile(join(dataDir, 'secrets', 'field-encryption-keys'), 'utf8')).toBe(keys);
  await stop(second);

  const logged = [...first.stdout, ...second.stdout, ...first.stderr, ...second.stderr].join('\n');
  expect(logged).toContain('tokens of payment methods were encrypted');
  for (const secret of ['tok_timeout', stored[0]!.encrypted!, keys.trim().split(':')[1]!])
    expect(logged).not.toContain(secret);
});
