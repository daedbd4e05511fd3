export { createOrdersSubgraph, defineOrdersSubgraph } from './create-orders-subgraph.ts';
export { entities } from './entities.ts';
export { migrations } from './migrations/index.ts';
export { permissions } from './permissions.ts';
export { startOrdersServer } from './server.ts';
