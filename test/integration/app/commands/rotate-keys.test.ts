import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, expect, test } from 'vitest';

import { readToken } from '@tributary/billing/payment-method/stored-token';
import type { StoredToken } from '@tributary/billing/payment-method/stored-token';
import { createFieldCipher, formatFieldKeys, parseFieldKeys } from '@tributary/kit/field-encryption';

import { FIELD_KEYS, storedToken } from '../../../kit/field-keys.ts';
import { insertFixture, objects } from '../../../kit/fixture.ts';
import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';
import { newDataDir } from '../data-dir.ts';

const COMMAND = join(import.meta.dirname, '../../../../app/src/commands/rotate-keys.ts');
const NEW = `new:${Buffer.alloc(32, 3).toString('base64')}`;
const OLD = formatFieldKeys(FIELD_KEYS);

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres();
  await insertFixture(database.client);
  return () => database[Symbol.asyncDispose]();
});

async function rotate(environment: Record<string, string>) {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [COMMAND], { env: environment })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

test('an operator puts everything under the key that stands first, and is told what could not be read', async () => {
  const DATABASE_URL = database.adminUrl;
  expect(await rotate({ DATABASE_URL, FIELD_ENCRYPTION_KEYS: `${NEW},${OLD}` })).toEqual({
    code: 0,
    stdout: '1 token was put under the key "new".\n',
    stderr: '',
  });
  const stored = await database.query<StoredToken>(
    'SELECT id AS "methodId", provider_token_plain AS plain, provider_token_enc AS encrypted FROM billing.payment_methods',
  );
  expect(stored.map((token) => readToken(createFieldCipher(parseFieldKeys(NEW)), token))).toEqual(['tok_fixture']);

  const forgotten = await rotate({ DATABASE_URL, FIELD_ENCRYPTION_KEYS: OLD });
  expect(forgotten).toMatchObject({ code: 1, stdout: '0 tokens were put under the key "test".\n' });
  expect(forgotten.stderr).toContain('1 of the stored tokens cannot be read with FIELD_ENCRYPTION_KEYS');
  expect(forgotten.stderr).toContain(objects.PaymentMethod);

  const lines = [
    storedToken(randomUUID(), 'x'),
    'tok_fixture',
    Buffer.alloc(32, 3).toString('base64'),
    OLD.split(':')[1]!,
  ];
  for (const secret of lines) expect(forgotten.stderr).not.toContain(secret);
});

test('without a database, or with keys that cannot be used, the command says so and does nothing', async () => {
  const DATA_DIR = await newDataDir();
  const nowhere = await rotate({ DATA_DIR });
  expect(nowhere).toMatchObject({ code: 1, stdout: '' });
  expect(nowhere.stderr).toContain(`No database runs on ${DATA_DIR}`);
  const unusable = await rotate({ DATABASE_URL: database.adminUrl, FIELD_ENCRYPTION_KEYS: 'hunter2' });
  expect(unusable).toMatchObject({ code: 1, stdout: '' });
  expect(unusable.stderr).toContain('FIELD_ENCRYPTION_KEYS is not usable: a key is not of the form id:base64.');
});
