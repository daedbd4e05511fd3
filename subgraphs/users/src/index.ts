export { createUsersSubgraph, defineUsersSubgraph, entities } from './create-users-subgraph.ts';
export type { UsersSubgraph } from './create-users-subgraph.ts';
export { migrations } from './migrations/index.ts';
export { permissions } from './permissions.ts';
export { createPrincipalRoutes } from './principal/principal.route.ts';
export { startUsersServer } from './server.ts';
