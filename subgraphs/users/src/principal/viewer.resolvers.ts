import { loadCallingClient } from '../api-client/api-client.resolvers.ts';
import type { UsersContext } from '../context.ts';
import { loadCaller } from '../user/user.resolvers.ts';

export const viewerResolvers = {
  Query: {
    viewer: () => ({}), // everything about the caller is in the context
  },
  Viewer: {
    user: (_viewer: object, _args: object, context: UsersContext) => loadCaller(context),
    apiClient: (_viewer: object, _args: object, context: UsersContext) => loadCallingClient(context),
    scopes: (_viewer: object, _args: object, { principal }: UsersContext) => principal?.scopes ?? [],
  },
};
