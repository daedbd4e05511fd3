import { toGlobalId } from '@tributary/kit';

import type { UsersContext } from '../context.ts';
import { referenceResolver } from '../reference-resolver.ts';
import type { ApiClient } from './api-client.ts';

export const apiClientResolvers = {
  ApiClient: {
    __resolveReference: referenceResolver('ApiClient', ({ loaders }) => loaders.apiClientById),
    id: ({ id }: ApiClient) => toGlobalId('ApiClient', id),
    organization: ({ organizationId }: ApiClient, _args: object, { loaders }: UsersContext) =>
      loaders.organizationById.load(organizationId),
    secretHint: ({ id }: ApiClient, _args: object, { loaders }: UsersContext) =>
      loaders.secretHintByApiClientId.load(id),
  },
};

/** The calling API client; null for persons and services. */
export async function loadCallingClient({ principal, loaders }: UsersContext): Promise<ApiClient | null> {
  return principal?.type === 'client' ? loaders.apiClientById.load(principal.clientId) : null;
}
