import pg from 'pg';

import { createFieldCipher } from '@tributary/kit/field-encryption';
import type { FieldCipher, FieldKey } from '@tributary/kit/field-encryption';

import { adoptPayments } from '../development/payment-provider/adopt-payments.ts';
import { addPaymentMethods } from './billing/add-payment-methods.ts';
import { addAccounts, addDraftInvoices } from './billing/close-accounts.ts';
import { makeCatalog } from './catalog/make-catalog.ts';
import { startBulkLoad } from './load/bulk-load.ts';
import { createCopyLoader } from './load/copy-batch.ts';
import { tableNames } from './load/tables.ts';
import { makeOrders } from './orders/make-orders.ts';
import { makePeople } from './people/make-people.ts';
import { createRandom } from './random.ts';
import { SEED_SIZES } from './sizes.ts';
import type { SeedSizeName } from './sizes.ts';
import { startOfDay } from './time.ts';

export interface SeedProgress {
  phase: 'people' | 'orders' | 'indexes';
  done: number;
  total: number;
}

export interface SeedOptions {
  /** Connection string of a role that may act as the owner of each schema. */
  adminUrl: string;
  size: SeedSizeName;
  /** The first of them encrypts what is stored encrypted. */
  fieldKeys: readonly FieldKey[];
  /** Decides the day that all times are relative to. */
  now?: Date;
  onProgress?: (progress: SeedProgress) => void;
}

/**
 * Fills the empty, migrated schemas with a company. Does nothing and returns `already-present` when any of its tables holds a row.
 * Everything happens in one transaction: a seed that breaks off leaves the tables as empty as they were, and of two that start
 * at once the second finds the work done.
 */
export async function seed({
  adminUrl,
  size,
  fieldKeys,
  now = new Date(),
  onProgress,
}: SeedOptions): Promise<'seeded' | 'already-present'> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'tributary seed' });
  // A connection that dies between two statements tells why only here; the next statement just finds it dead.
  let lost: Error | undefined;
  client.on('error', (error) => (lost ??= error));
  await client.connect();
  try {
    // Asked before anything is locked: a database in use must not notice that another process starts on it.
    if (await holdsData(client)) return 'already-present';
    // Asked once before the locks: on every later start there is data, and nobody has to wait for them.
    if (await holdsData(client)) return 'already-present';
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0');
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await client.query(`LOCK TABLE ${tableNames.join(', ')} IN ACCESS EXCLUSIVE MODE`);
    if (await holdsData(client)) return 'already-present'; // a rival was faster
    await fill(client, size, createFieldCipher(fieldKeys), startOfDay(now), onProgress ?? (() => undefined));
    await client.query('COMMIT');
    return 'seeded';
  } catch (error) {
    throw lost ?? error;
  } finally {
    // Also rolls back whatever was not committed.
    await client.end();
  }
}

async function holdsData(client: pg.Client): Promise<boolean> {
  const checks = tableNames.map((table) => `EXISTS (SELECT FROM ${table})`);
  const { rows } = await client.query<{ found: boolean }>(`SELECT ${checks.join(' OR ')} AS found`);
  return rows[0]!.found;
}

async function fill(
  client: pg.Client,
  sizeName: SeedSizeName,
  cipher: FieldCipher,
  reference: number,
  onProgress: (progress: SeedProgress) => void,
): Promise<void> {
  const size = SEED_SIZES[sizeName];
  const load = await startBulkLoad(client);
  const loader = createCopyLoader(client);
  onProgress({ phase: 'people', done: 0, total: size.users });
  const people = makePeople(size, reference, loader.add);
  const catalog = makeCatalog(size, reference, loader.add);
  onProgress({ phase: 'people', done: size.users, total: size.users });
  await makeOrders({
    count: size.orders,
    reference,
    people,
    catalog,
    loader,
    onProgress: (done) => onProgress({ phase: 'orders', done, total: size.orders }),
  });
  catalog.addVariants();
  addAccounts(people.accounts, loader.add);
  addPaymentMethods(people, cipher, reference, loader.add);
  addDraftInvoices(createRandom('draft invoices'), people.buyers, reference, loader.add);
  await loader.finish();
  await client.query('SET LOCAL ROLE orders_owner');
  // The next order is numbered after those of the seed.
  await client.query(`SELECT setval('orders.order_numbers', max(substr(number, 3)::bigint)) FROM orders.orders`);
  await load.finish((done, total) => onProgress({ phase: 'indexes', done, total }));
  await client.query('SET LOCAL ROLE NONE');
  await adoptPayments(client, 'devpay');
}
