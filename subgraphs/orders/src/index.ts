export { createOrdersSubgraph, defineOrdersSubgraph } from './create-orders-subgraph.ts';
export type { OrdersDependencies } from './create-orders-subgraph.ts';
export { entities } from './entities.ts';
export { migrations } from './migrations/index.ts';
export type { OrderDeadlines } from './order/order-saga.ts';
export { permissions } from './permissions.ts';
export { startOrdersServer } from './server.ts';
