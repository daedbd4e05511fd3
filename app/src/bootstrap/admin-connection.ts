import pg from 'pg';

import { SECOND } from '@tributary/kit/clock';

import { BootstrapError } from './errors.ts';

const CONNECT_TIMEOUT_MS = 10 * SECOND;
const MAINTENANCE_DATABASE = 'postgres';
const DATABASE_MISSING = '3D000';
const DATABASE_EXISTS = ['42P04', '23505']; // the second when two processes create it in the same moment

/** Connects as the administrator; creates the database that the URL names when it is missing. The caller ends the client. */
export async function connectAsAdmin(adminUrl: string): Promise<pg.Client> {
  try {
    return await connect(adminUrl);
  } catch (error) {
    if (codeOf(error) !== DATABASE_MISSING) throw unreachable(adminUrl, error);
  }
  await createDatabase(adminUrl);
  return connect(adminUrl).catch((error: unknown) => Promise.reject(unreachable(adminUrl, error)));
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tributary-bootstrap',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A connection that breaks between two statements shows in the next one; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function createDatabase(adminUrl: string): Promise<void> {
  const url = new URL(adminUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = `/${MAINTENANCE_DATABASE}`;
  const client = await connect(url.href).catch((error: unknown) => Promise.reject(unreachable(url.href, error)));
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} ENCODING 'UTF8' TEMPLATE template0`);
  } catch (error) {
    if (!DATABASE_EXISTS.includes(codeOf(error) ?? ''))
      throw new BootstrapError(`The database "${name}" does not exist and cannot be created: ${reasonOf(error)}.`, {
        cause: error,
      });
  } finally {
    await client.end();
  }
}

function unreachable(adminUrl: string, error: unknown): BootstrapError {
  const { host, pathname } = new URL(adminUrl);
  return new BootstrapError(
    `The database ${pathname.slice(1)} at ${host || 'the local socket'} cannot be used: ${reasonOf(error)}. Check DATABASE_URL and that the server runs.`,
    { cause: error },
  );
}

// A host name with several addresses fails with one error per address and an empty message of its own.
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : 'unknown reason';
}
