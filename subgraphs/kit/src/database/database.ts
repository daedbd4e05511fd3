import { DataSource } from 'typeorm';
import type { EntitySchema, Logger as TypeOrmLogger } from 'typeorm';
import type { Sql } from 'sql-template-tag';
import pg from 'pg';

import type { Handle } from '../lifecycle.ts';
import { runTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';

// One TypeORM DataSource on the subgraph's own role. SQL is written by the repositories; the entity schemas name tables, columns
// and types, and a test compares them with the migrated database.

export interface Database extends Handle {
  readonly dataSource: DataSource;
  /**
   * Runs one statement and returns its rows; column aliases are the property names. A statement that still waits for a connection
   * when `abandoned` fires is not sent.
   */
  query<Row>(statement: Sql, abandoned?: AbortSignal): Promise<Row[]>;
  /** Runs `work` in a transaction, again when the database broke it off for the sake of another one. See `runTransaction`. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
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

// Between being connected and being handed out a connection has nobody who listens to its errors, and an error event that nobody hears
// ends the process. The server's goodbye can arrive right then. Whoever uses the connection learns of it from the next statement.
class GuardedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

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
      Client: GuardedClient,
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.statementTimeoutMs,
    },
  });
  await dataSource.initialize();
  let stopping: Promise<void> | undefined;
  return {
    dataSource,
    async query<Row>(statement: Sql, abandoned?: AbortSignal) {
      const runner = dataSource.createQueryRunner();
      try {
        const connection = (await runner.connect()) as pg.PoolClient & Pick<pg.Client, 'end'>;
        abandoned?.throwIfAborted();
        // The structured result has the rows under the same name for every command.
        const { records } = await runner.query(statement.text, statement.values, true).catch((error: unknown) => {
          // The server has said goodbye, but the socket may close only after the pool has handed the connection to the next one.
          if (isGoodbye(error)) void connection.end();
          throw error;
        });
        return records as Row[];
      } finally {
        await runner.release();
      }
    },
    transaction: (work) => runTransaction(() => dataSource.createQueryRunner(), work),
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

// SQLSTATE codes with which the server ends a connection: shut down or killed by an operator, or a fault of the connection itself.
function isGoodbye(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(57P|08)/.test(String(error.code));
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
