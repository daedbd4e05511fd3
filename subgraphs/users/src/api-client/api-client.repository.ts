import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf, noFilter, visibleArms } from '@tributary/kit';
import type { NestedListQuery, RequestContext } from '@tributary/kit';

import { apiClientEntity } from './api-client.entity.ts';
import type { ApiClient } from './api-client.ts';
import { apiClientVisibility } from './api-client.visibility.ts';

export interface ApiClientRepository {
  /** The clients among `ids` that the caller may see, in no particular order. */
  findByIds(ids: readonly string[]): Promise<ApiClient[]>;
  /** The hint of each client's newest secret. `clientIds` are clients that the caller was shown. */
  findSecretHints(clientIds: readonly string[]): Promise<{ clientId: string; hint: string }[]>;
}

const columns = columnsOf(apiClientEntity, 'c');

export function createApiClientRepository(context: RequestContext): ApiClientRepository {
  return {
    findByIds(ids) {
      const visible = anyArm(apiClientArms(context));
      return context.db.query<ApiClient>(
        sql`SELECT ${columns} FROM users.api_clients c WHERE c.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
    },
    findSecretHints(clientIds) {
      return context.db.query(
        sql`SELECT DISTINCT ON (s.client_id) s.client_id AS "clientId", s.hint FROM users.api_client_secrets s
          WHERE s.client_id = ANY(${clientIds}::uuid[]) ORDER BY s.client_id, s.created_at DESC, s.id DESC`,
      );
    },
  };
}

/** Clients below organizations, oldest first. */
export function apiClientsByOrganization(context: RequestContext): NestedListQuery {
  return {
    name: 'Organization.apiClients',
    columns,
    from: sql`users.api_clients c`,
    id: sql`c.id`,
    parent: sql`c.organization_id`,
    sort: { direction: 'ASC', key: { column: sql`c.created_at`, type: 'timestamptz', nullable: false } },
    arms: apiClientArms(context),
    filter: noFilter,
  };
}

function apiClientArms(context: RequestContext): readonly Sql[] {
  return visibleArms(context, () => apiClientVisibility(context.principal));
}
