import { readBillingConfig } from '@tributary/billing/config';
import { startBillingServer } from '@tributary/billing/server';
import { runProcess } from '@tributary/kit';
import { readOrdersConfig } from '@tributary/orders/config';
import { startOrdersServer } from '@tributary/orders/server';
import { readUsersConfig } from '@tributary/users/config';
import { startUsersServer } from '@tributary/users/server';

import { readFaultSettings } from './config.ts';

// A subgraph as a process of its own, as in the services mode, but with walls taken down.

const { subgraph, walls } = readFaultSettings();
switch (subgraph) {
  case 'users':
    await runProcess('users', readUsersConfig, (config, deps) => startUsersServer(config, { ...deps, walls }));
    break;
  case 'orders':
    await runProcess('orders', readOrdersConfig, (config, deps) => startOrdersServer(config, { ...deps, walls }));
    break;
  case 'billing':
    await runProcess('billing', readBillingConfig, (config, deps) => startBillingServer(config, { ...deps, walls }));
}
