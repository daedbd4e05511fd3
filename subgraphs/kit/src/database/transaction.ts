import type { Sql } from 'sql-template-tag';
import type { QueryRunner } from 'typeorm';

/** One database transaction. Statements run one after the other, on one connection. */
export interface Transaction {
  readonly query: <Row>(statement: Sql) => Promise<Row[]>;
}

const ATTEMPTS = 3;
// SQLSTATE codes of transactions that lost against another one and did nothing: serialization failure, deadlock.
const LOST_RACES = ['40001', '40P01'];

/**
 * Runs `work` between BEGIN and COMMIT; whatever it throws rolls everything back. It may run up to three times, when the database broke
 * it off for the sake of another transaction, so it must not touch anything but the transaction.
 */
export async function runTransaction<T>(
  createRunner: () => QueryRunner,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(createRunner(), work);
    } catch (error) {
      if (attempt === ATTEMPTS || !LOST_RACES.includes(sqlStateOf(error) ?? '')) throw error;
    }
  }
}

async function runOnce<T>(runner: QueryRunner, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  try {
    await runner.startTransaction();
    try {
      const result = await work({
        async query<Row>(statement: Sql) {
          const { records } = await runner.query(statement.text, statement.values, true);
          return records as Row[];
        },
      });
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // A COMMIT that failed leaves nothing to roll back, and a connection that is gone has rolled back by itself.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    }
  } finally {
    await runner.release();
  }
}

/** The SQLSTATE of an error of the database; null for other errors. */
export function sqlStateOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : null;
}
