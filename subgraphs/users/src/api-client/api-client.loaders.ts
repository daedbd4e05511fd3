import DataLoader from 'dataloader';

import { inKeyOrder } from '@tributary/kit';

import type { ApiClientRepository } from './api-client.repository.ts';
import type { ApiClient } from './api-client.ts';

export const createApiClientByIdLoader = (apiClients: ApiClientRepository) =>
  new DataLoader<string, ApiClient | null>(async (ids) =>
    inKeyOrder(ids, await apiClients.findByIds(ids), ({ id }) => id),
  );

/** The hint of a client's newest secret; empty for a client that never got one. */
export const createSecretHintByApiClientIdLoader = (apiClients: ApiClientRepository) =>
  new DataLoader<string, string>(async (ids) => {
    const hints = await apiClients.findSecretHints(ids);
    return inKeyOrder(ids, hints, ({ clientId }) => clientId).map((found) => found?.hint ?? '');
  });
