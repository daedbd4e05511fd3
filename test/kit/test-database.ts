import { migrations as provider } from '@tributary/app/development/payment-provider/migrations';
import { migrations as billing } from '@tributary/billing/migrations/index';
import { migrations as events } from '@tributary/kit/messaging/postgres/migrations';
import { migrations as orders } from '@tributary/orders/migrations/index';
import { migrations as users } from '@tributary/users/migrations/index';

export const TEMPLATE_DATABASE = 'tributary_template';

export const SUBGRAPHS = ['users', 'orders', 'billing'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

/** Schemas of the database, each with a role of its own. */
export const SCHEMAS = [...SUBGRAPHS, 'events', 'provider'] as const;
export type SchemaName = (typeof SCHEMAS)[number];

/** Passwords are public: the server listens on loopback and lives for one run. */
export const appPassword = (name: SchemaName) => `${name}-password`;

export const subgraphSchemas = (
  [
    ['users', users],
    ['orders', orders],
    ['billing', billing],
    ['events', events],
    ['provider', provider],
  ] as const
).map(([name, migrations]) => ({ name, migrations, password: appPassword(name) }));
