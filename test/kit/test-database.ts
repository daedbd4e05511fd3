import { migrations as billing } from '@tributary/billing/migrations/index';
import { migrations as orders } from '@tributary/orders/migrations/index';
import { migrations as users } from '@tributary/users/migrations/index';

export const TEMPLATE_DATABASE = 'tributary_template';

export const SUBGRAPHS = ['users', 'orders', 'billing'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

/** Passwords are public: the server listens on loopback and lives for one run. */
export const appPassword = (name: SubgraphName) => `${name}-password`;

export const subgraphSchemas = (
  [
    ['users', users],
    ['orders', orders],
    ['billing', billing],
  ] as const
).map(([name, migrations]) => ({ name, migrations, password: appPassword(name) }));
