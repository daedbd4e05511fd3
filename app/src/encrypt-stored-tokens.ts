import pg from 'pg';

import { encryptTokens } from '@tributary/billing/payment-method/encrypt-tokens';
import type { EncryptedTokens } from '@tributary/billing/payment-method/encrypt-tokens';
import { createFieldCipher } from '@tributary/kit/field-encryption';
import type { FieldKey } from '@tributary/kit/field-encryption';

/**
 * Encrypts what a database holds of payment tokens under the first of the keys: those that are `plain`, or all that are not under that
 * key. Works beside a running system.
 */
export async function encryptStoredTokens(
  adminUrl: string,
  keys: readonly FieldKey[],
  which: 'plain' | 'old',
): Promise<EncryptedTokens> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'tributary encrypt' });
  client.on('error', () => undefined); // the next statement tells
  await client.connect();
  try {
    await client.query('SET ROLE billing_owner');
    return await encryptTokens({
      query: (statement) => client.query(statement),
      cipher: createFieldCipher(keys),
      which,
    });
  } finally {
    await client.end();
  }
}
