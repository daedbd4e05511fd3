import DataLoader from 'dataloader';

import { inKeyOrder } from '@tributary/kit';

import type { OrganizationRepository } from './organization.repository.ts';
import type { Organization } from './organization.ts';

export const createOrganizationByIdLoader = (organizations: OrganizationRepository) =>
  new DataLoader<string, Organization | null>(async (ids) =>
    inKeyOrder(ids, await organizations.findByIds(ids), ({ id }) => id),
  );
