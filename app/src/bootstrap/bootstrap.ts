import { invariant } from '@tributary/kit/invariant';
import type { Migration } from '@tributary/kit/database/migrate';
import { migrate } from '@tributary/kit/database/migrate';
import type { Logger } from '@tributary/kit/logger';

import { connectAsAdmin } from './admin-connection.ts';
import { checkServer } from './check-server.ts';
import { appRole, ensureRolesAndSchemas, ownerRole, searchPath } from './roles-and-schemas.ts';
import type { SchemaPlan } from './roles-and-schemas.ts';

export interface SubgraphSchema<Name extends string> extends SchemaPlan {
  name: Name;
  migrations: readonly Migration[];
}

export interface BootstrapOptions<Name extends string> {
  /** URL of a role that may create databases and roles. Its database is created when it is missing. */
  adminUrl: string;
  subgraphs: readonly SubgraphSchema<Name>[];
  logger: Logger;
  /** Whether a server that may lose committed data is refused. 'warn' is for tests. */
  durability?: 'required' | 'warn';
}

export interface Bootstrapped<Name extends string> {
  /** Per subgraph the URL of its own login role. */
  urls: Readonly<Record<Name, string>>;
  /** Per subgraph the migrations that ran now. */
  applied: Readonly<Record<Name, readonly string[]>>;
}

/**
 * Brings a database from nothing, or from any earlier version, to what the subgraphs need. Repeating it changes nothing; several
 * processes may do it at the same time. The only step that needs the administrator's rights.
 */
export async function bootstrapDatabase<Name extends string>(
  options: BootstrapOptions<Name>,
): Promise<Bootstrapped<Name>> {
  const { adminUrl, subgraphs, logger, durability = 'required' } = options;
  // These names become part of statements.
  for (const { name } of subgraphs) invariant(/^[a-z]+$/.test(name), `"${name}" cannot be the name of a schema.`);

  const client = await connectAsAdmin(adminUrl);
  try {
    await checkServer(client, { durability, logger });
    // One process at a time, migrations included: a grant on a schema that another process grants on fails. Ends with the connection.
    await client.query(`SELECT pg_advisory_lock(hashtextextended('tributary:bootstrap', 0))`);
    await ensureRolesAndSchemas(client, subgraphs);
    const applied: [Name, readonly string[]][] = [];
    for (const { name, migrations } of subgraphs) {
      await client.query(`SET ROLE ${ownerRole(name)}`);
      await client.query(`SET search_path = ${searchPath(name)}`);
      const names = await migrate(client, name, migrations);
      await client.query('RESET ROLE');
      if (names.length > 0) logger.info({ schema: name, migrations: names }, 'the schema was migrated');
      applied.push([name, names]);
    }
    const urls = subgraphs.map(({ name, password }) => [name, urlOfApp(adminUrl, name, password)] as const);
    return {
      urls: Object.fromEntries(urls) as Record<Name, string>,
      applied: Object.fromEntries(applied) as Record<Name, readonly string[]>,
    };
  } finally {
    await client.end();
  }
}

function urlOfApp(adminUrl: string, name: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = appRole(name);
  url.password = encodeURIComponent(password); // the setter leaves percent signs alone
  for (const parameter of ['user', 'password']) url.searchParams.delete(parameter); // they would win over the above
  return url.href;
}
