import { migrations as billing } from '@tributary/billing/migrations/index';
import type { Migration } from '@tributary/kit/database/migrate';
import type { Handle } from '@tributary/kit/lifecycle';
import { startWith } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';
import { migrations as events } from '@tributary/kit/messaging/postgres/migrations';
import { migrations as orders } from '@tributary/orders/migrations/index';
import { migrations as users } from '@tributary/users/migrations/index';

import { bootstrapDatabase } from './bootstrap/index.ts';
import type { Bootstrapped } from './bootstrap/index.ts';
import { schemasOf } from './config.ts';
import type { DatabaseConfig, DevelopmentSchemaName, SchemaName } from './config.ts';
import { migrations as provider } from './development/payment-provider/migrations.ts';
import { encryptStoredTokens } from './encrypt-stored-tokens.ts';
import { startEmbeddedPostgres } from './postgres/index.ts';
import { loadDatabasePasswords, loadFieldKeys } from './secrets/secrets.ts';

const MIGRATIONS: Readonly<Record<DevelopmentSchemaName, readonly Migration[]>> = {
  users,
  orders,
  billing,
  events,
  provider,
};

export interface PreparedDatabase extends Handle, Pick<Bootstrapped<SchemaName>, 'applied'> {
  readonly adminUrl: string;
  /** URL per schema, with its role; there is no payment provider in production. */
  readonly urls: Readonly<Record<SchemaName, string> & Partial<Record<DevelopmentSchemaName, string>>>;
}

/**
 * The database of these settings, embedded or not, migrated to this version; what it still held as plain text is encrypted. `stop()` stops
 * what was started for it.
 */
export function prepareDatabase(config: DatabaseConfig, logger: Logger): Promise<PreparedDatabase> {
  return startWith(async (stack) => {
    const { databaseUrl, dataDir } = config;
    const adminUrl = databaseUrl ?? stack.use(await startEmbeddedPostgres({ dataDir, logger })).adminUrl;
    const passwords = await loadDatabasePasswords(config);
    const subgraphs = schemasOf(config).map((name) => ({
      name,
      password: passwords[name],
      migrations: MIGRATIONS[name],
    }));
    const bootstrapped = await bootstrapDatabase({ adminUrl, subgraphs, logger });
    const { encrypted } = await encryptStoredTokens(adminUrl, await loadFieldKeys(config), 'plain');
    if (encrypted > 0) logger.info({ encrypted }, 'tokens of payment methods were encrypted');
    return { ...bootstrapped, adminUrl, stop: () => stack.stop() };
  });
}
