import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';

import { codeOf } from './admin-connection.ts';
import { BootstrapError } from './errors.ts';
import { scramVerifier } from './scram.ts';

// Per subgraph one schema and two roles: `<name>_owner` owns the schema and everything in it and cannot sign in; `<name>_app` is what
// the subgraph signs in as and gets rights table by table, in the migrations. Nothing is granted across schemas.

export interface SchemaPlan {
  /** Name of the subgraph and of its schema. */
  name: string;
  /** Password of `<name>_app`: printable ASCII. */
  password: string;
}

export const ownerRole = (name: string) => `${name}_owner`;
export const appRole = (name: string) => `${name}_app`;

// Types and operators are found through the search path, and `public` is the schema that every tool knows. Without it an equality of
// two citext values would quietly be the one of text. Nobody but the administrator may create anything there.
export const searchPath = (name: string) => `${name}, public`;

const EXTENSIONS = ['citext', 'pg_trgm'];
const MARK = 'Made by Tributary';
const ATTEMPTS = 10;
// Roles belong to the whole server, the caller's lock to one database: bootstrapping two databases at once can collide.
const COLLISIONS = ['23505', '42710', '42P06', 'XX000'];

/** Makes roles, schemas, extensions and their rights as they should be, whatever is there already. */
export async function ensureRolesAndSchemas(client: pg.Client, plans: readonly SchemaPlan[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(client, plans);
    } catch (error) {
      if (!COLLISIONS.includes(codeOf(error) ?? '') || attempt === ATTEMPTS) throw error;
      await sleep(20 * attempt * Math.random());
    }
  }
}

async function inTransaction(client: pg.Client, plans: readonly SchemaPlan[]): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const extension of EXTENSIONS) await ensureExtension(client, extension);
    await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    const { rows } = await client.query<{ database: string; superuser: boolean }>(
      `SELECT current_database() AS database, rolsuper AS superuser FROM pg_roles WHERE rolname = current_user`,
    );
    const { database, superuser } = rows[0]!;
    const databaseName = client.escapeIdentifier(database);
    await client.query(`REVOKE ALL ON DATABASE ${databaseName} FROM PUBLIC`);
    for (const { name, password } of plans) {
      await ensureRole(client, ownerRole(name), 'NOLOGIN');
      await ensureRole(client, appRole(name), 'LOGIN');
      // An administrator who is no superuser must be a member to act as the owner.
      if (!superuser) await client.query(`GRANT ${ownerRole(name)} TO CURRENT_USER`);
      await client.query(`ALTER ROLE ${appRole(name)} PASSWORD '${await scramVerifier(password)}'`);
      await client.query(`ALTER ROLE ${appRole(name)} SET search_path = ${searchPath(name)}`);
      await client.query(`GRANT CONNECT ON DATABASE ${databaseName} TO ${appRole(name)}`);
      await ensureSchema(client, name);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // the first failure is the one worth telling
    throw error;
  }
}

async function ensureExtension(client: pg.Client, extension: string): Promise<void> {
  const { rows } = await client.query<{ schema: string }>(
    'SELECT extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = $1',
    [extension],
  );
  const [found] = rows;
  if (!found) await client.query(`CREATE EXTENSION ${extension} SCHEMA public`);
  else if (found.schema !== 'public')
    throw new BootstrapError(
      `The extension ${extension} is installed in the schema ${found.schema} and must be in public: run "ALTER EXTENSION ${extension} SET SCHEMA public", or use another database.`,
    );
}

// A role of the same name that somebody else made for something else is not touched: its password would be changed.
async function ensureRole(client: pg.Client, role: string, login: 'LOGIN' | 'NOLOGIN'): Promise<void> {
  const { rows } = await client.query<{ comment: string | null }>(
    `SELECT shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname = $1`,
    [role],
  );
  const [found] = rows;
  if (!found) {
    await client.query(`CREATE ROLE ${role} ${login}`);
    await client.query(`COMMENT ON ROLE ${role} IS '${MARK}'`);
  } else if (found.comment !== MARK)
    throw new BootstrapError(
      `The server has a role ${role} that Tributary did not make. Use another server, or hand the role over with "COMMENT ON ROLE ${role} IS '${MARK}'".`,
    );
}

async function ensureSchema(client: pg.Client, name: string): Promise<void> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${ownerRole(name)}`);
  const { rows } = await client.query<{ owner: string }>(
    'SELECT nspowner::regrole::text AS owner FROM pg_namespace WHERE nspname = $1',
    [name],
  );
  if (rows[0]?.owner !== ownerRole(name))
    throw new BootstrapError(
      `The schema ${name} belongs to ${rows[0]?.owner}, not to ${ownerRole(name)}: use a database of its own for Tributary.`,
    );
  await client.query(`REVOKE ALL ON SCHEMA ${name} FROM PUBLIC`);
  await client.query(`GRANT USAGE ON SCHEMA ${name} TO ${appRole(name)}`);
}
