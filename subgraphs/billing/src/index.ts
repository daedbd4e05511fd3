export { createBillingSubgraph, defineBillingSubgraph } from './create-billing-subgraph.ts';
export type { BillingDependencies, BillingSubgraph } from './create-billing-subgraph.ts';
export { entities } from './entities.ts';
export { derivePaymentStatus } from './invoice/payment-status.ts';
export { migrations } from './migrations/index.ts';
export { permissions } from './permissions.ts';
export { startBillingServer } from './server.ts';
