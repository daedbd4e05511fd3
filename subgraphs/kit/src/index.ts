// Everything a subgraph needs. Other workspaces import single modules (`@tributary/kit/config`) and so do not load the database.

export * from './access/access-map.ts';
export * from './access/permissions.ts';
export * from './access/visibility.ts';
export * from './access/walls.ts';
export * from './clock.ts';
export * from './config.ts';
export * from './connection/connection.ts';
export * from './connection/cursor.ts';
export * from './connection/keyset.ts';
export * from './connection/page.ts';
export * from './connection/range.ts';
export * from './context.ts';
export * from './create-subgraph.ts';
export * from './database/columns.ts';
export * from './database/database.ts';
export * from './database/migrate.ts';
export * from './database/transaction.ts';
export * from './drain.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './internal-token.ts';
export * from './invariant.ts';
export * from './lifecycle.ts';
export * from './loaders.ts';
export * from './logger.ts';
export * from './messaging/consumer.ts';
export * from './messaging/event.ts';
export * from './messaging/poller.ts';
export * from './messaging/postgres/postgres-transport.ts';
export * from './messaging/tables.ts';
export * from './messaging/transport.ts';
export * from './messaging/workers.ts';
export * from './money.ts';
export * from './principal.ts';
export * from './principal-record.ts';
export * from './run-process.ts';
export * from './secrets.ts';
export * from './server.ts';
export * from './subgraph-settings.ts';
export * from './subgraph.ts';
export * from './write/idempotency.ts';
export * from './write/mutation.ts';
export * from './write/user-errors.ts';
export * from './write/writer.ts';

// From here, so that one copy of TypeORM is loaded.
export { EntitySchema } from 'typeorm';
