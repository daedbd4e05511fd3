import type { Principal } from '@tributary/kit';

import { saveSchema } from '../../kit/restore-schema.ts';
import { startUsersWorld } from './users-world.ts';
import type { UsersWorld, UsersWorldOptions } from './users-world.ts';

// Mutations of the users subgraph, asked directly, with what they leave behind.

export interface MutableWorld extends UsersWorld {
  /** Puts back what was there at the start. */
  restore(): Promise<void>;
}

export async function startMutableWorld(options: UsersWorldOptions = {}): Promise<MutableWorld> {
  const world = await startUsersWorld(options);
  return { ...world, restore: await saveSchema(world.database, 'users') };
}

export interface Payload extends Record<string, unknown> {
  userErrors: Record<string, unknown>[];
}

export interface Outcome {
  payload: Payload | null;
  /** Path and code of each entry of `errors`. */
  errors: string[];
  /** Statements but for those that begin and end the transaction. */
  statements: number;
}

const USER_ERRORS = `userErrors {
  __typename code field
  ... on VersionConflictError { currentVersion }
  ... on StateError { currentState allowedStates }
}`;

export async function mutate(
  world: UsersWorld,
  principal: Principal | null,
  mutation: string,
  input: object,
  selection: string,
): Promise<Outcome> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) { ${selection} ${USER_ERRORS} } }`;
  const { data, errors, sql } = await world.ask(principal, query, { input });
  return {
    payload: (data as { payload: Payload } | null)?.payload ?? null,
    errors,
    statements: sql.filter((text) => !/^(START TRANSACTION|COMMIT|ROLLBACK)/.test(text)).length,
  };
}

export const inputError = (code: string, ...field: string[]) => ({
  __typename: 'InputError',
  code,
  field: field.length === 0 ? null : ['input', ...field],
});

export interface PublishedEvent {
  type: string;
  key: string;
  payload: unknown;
  headers: { aggregateType: string; aggregateVersion: number; actor: unknown };
}

/** Everything that was published, oldest first. */
export const published = (world: UsersWorld): Promise<PublishedEvent[]> =>
  world.database.query('SELECT type, key, payload, headers FROM users.outbox ORDER BY position');

export interface AuditRow {
  action: string;
  actor: string | null;
  object: string | null;
  allowed: boolean;
  details: unknown;
}

/** Everything on record, oldest first. */
export const audited = (world: UsersWorld): Promise<AuditRow[]> =>
  world.database.query(
    `SELECT action, actor_id AS actor, object_type || ' ' || object_id AS object, allowed, details
      FROM users.audit_log ORDER BY id`,
  );
