import { createSubgraph } from '@tributary/kit';
import type { FindPrincipal, RunningSubgraph, SubgraphDefinition, SubgraphDependencies } from '@tributary/kit';
import { accessMap, subgraphSdl } from '@tributary/schema';

import { addressEntity } from './address/address.entity.ts';
import { apiClientEntity, apiClientSecretEntity } from './api-client/api-client.entity.ts';
import { createUsersContext } from './context.ts';
import type { UsersContext } from './context.ts';
import { membershipEntity } from './membership/membership.entity.ts';
import { organizationEntity } from './organization/organization.entity.ts';
import { permissions } from './permissions.ts';
import { createFindPrincipal } from './principal/find-principal.ts';
import { createPrincipalChanges } from './principal/principal-changes.ts';
import { createPrincipalRepository } from './principal/principal.repository.ts';
import { resolvers } from './resolvers.ts';
import { userEntity, userRoleEntity } from './user/user.entity.ts';

export interface UsersSubgraph extends RunningSubgraph {
  /** The lookup behind a token, for the gateway only. */
  readonly findPrincipal: FindPrincipal;
}

/** Every table of the schema "users" that the subgraph reads. */
export const entities = [
  userEntity,
  userRoleEntity,
  addressEntity,
  organizationEntity,
  membershipEntity,
  apiClientEntity,
  apiClientSecretEntity,
];

/** What the subgraph is made of. */
export const defineUsersSubgraph = (principals = createPrincipalChanges()): SubgraphDefinition<UsersContext> => ({
  name: 'users',
  sdl: subgraphSdl('users'),
  resolvers,
  permissions,
  requirements: accessMap().fields,
  entities,
  extendContext: (context) => createUsersContext(context, principals),
});

/** Opens the database. Rejects when it cannot be reached, or when rules and schema do not fit. */
export async function createUsersSubgraph(dependencies: SubgraphDependencies): Promise<UsersSubgraph> {
  const principals = createPrincipalChanges();
  const subgraph = await createSubgraph(defineUsersSubgraph(principals), dependencies);
  const findPrincipal = createFindPrincipal(createPrincipalRepository(subgraph.database), principals);
  return { ...subgraph, findPrincipal };
}
