import { raw } from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';
import type { EntitySchema } from 'typeorm';

/**
 * The SELECT list of an entity: every column of its schema under its property name, so that a row is the entity.
 * `alias` is the table's alias in the statement.
 */
export function columnsOf(entity: EntitySchema, alias: string): Sql {
  const columns = Object.entries(entity.options.columns).map(
    ([property, column]) => `${alias}.${column?.name ?? property} AS "${property}"`,
  );
  return raw(columns.join(', '));
}
