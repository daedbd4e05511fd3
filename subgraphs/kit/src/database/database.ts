import { DataSource } from 'typeorm';
import type { EntitySchema, Logger as TypeOrmLogger } from 'typeorm';
import type { Sql } from 'sql-template-tag';
import pg from 'pg';

import type { Handle } from '../lifecycle.ts';

// One TypeORM DataSource on the subgraph's own role. SQL is written by the repositories; the entity schemas name tables, columns
// and types, and a test compares them with the migrated database.

export interface Database extends Handle {
  readonly dataSource: DataSource;
  /** Runs one statement and returns its rows; column aliases are the property names. */
  query<Row>(statement: Sql): Promise<Row[]>;
  /** True when the database answers. */
  isReady(): Promise<boolean>;
}

export interface DatabaseOptions {
  url: string;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  entities: readonly EntitySchema[];
  maxConnections: number;
  statementTimeoutMs: number;
  /** Called with the text and the parameters of every statement that passes through the DataSource. */
  onStatement?: (text: string, parameters: readonly unknown[]) => void;
  onPoolError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;

// Postgres sends bigint and date in ways the driver would bend: bigint as text (a money amount must not pass through Number), date
// as local midnight (which is another day elsewhere).
const INT8_OID = 20;
const DATE_OID = 1082;
const parseInt8 = (text: string) => BigInt(text);
const keepText = (text: string) => text;
const typeParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8_OID) return parseInt8;
    if (oid === DATE_OID) return keepText;
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
  },
};

/** Opens the pool. Rejects when the database cannot be reached with these credentials. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    entities: [...options.entities],
    synchronize: false,
    migrationsRun: false,
    poolSize: options.maxConnections,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    installExtensions: false,
    logger: statementLogger(options.onStatement),
    // A connection that the server drops while idle is an event of the pool, not of a request; the pool replaces it.
    poolErrorHandler: (error: Error) => options.onPoolError?.(error),
    extra: {
      types: typeParsers,
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.statementTimeoutMs,
    },
  });
  await dataSource.initialize();
  let stopping: Promise<void> | undefined;
  return {
    dataSource,
    query: (statement) => dataSource.query(statement.text, statement.values),
    async isReady() {
      try {
        await dataSource.query('SELECT 1');
        return true;
      } catch {
        return false;
      }
    },
    stop: () => (stopping ??= dataSource.destroy()),
  };
}

function statementLogger(onStatement: DatabaseOptions['onStatement']): TypeOrmLogger {
  const ignore = () => undefined;
  return {
    logQuery: (text, parameters) => onStatement?.(text, (parameters ?? []) as readonly unknown[]),
    logQueryError: ignore,
    logQuerySlow: ignore,
    logSchemaBuild: ignore,
    logMigration: ignore,
    log: ignore,
  };
}
