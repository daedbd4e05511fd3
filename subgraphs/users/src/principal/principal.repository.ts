import sql from 'sql-template-tag';

import type { Database, PrincipalRecord } from '@tributary/kit';

type Person = Extract<PrincipalRecord, { type: 'user' }>;
type Client = Extract<PrincipalRecord, { type: 'client' }>;

/** Who is behind a token. Not bound to a caller's visibility: this is asked before there is a caller. */
export interface PrincipalRepository {
  findPerson(issuer: string, subject: string): Promise<Person | null>;
  findClient(clientId: string): Promise<Client | null>;
}

export function createPrincipalRepository(database: Pick<Database, 'query'>): PrincipalRepository {
  return {
    async findPerson(issuer, subject) {
      const [person] = await database.query<Person>(
        // One statement, so that roles and memberships are of the same moment.
        sql`SELECT 'user' AS type, u.id AS "userId", u.status,
            ARRAY(SELECT r.role FROM users.user_roles r WHERE r.user_id = u.id ORDER BY r.role) AS roles,
            COALESCE(
              (SELECT jsonb_agg(jsonb_build_object('organizationId', m.organization_id, 'role', m.role) ORDER BY m.created_at, m.id)
                FROM users.memberships m WHERE m.user_id = u.id),
              '[]') AS memberships
          FROM users.users u WHERE u.oidc_issuer = ${issuer} AND u.oidc_subject = ${subject}`,
      );
      return person ?? null;
    },
    async findClient(clientId) {
      const [client] = await database.query<Client>(
        sql`SELECT 'client' AS type, c.id AS "clientId", c.organization_id AS "organizationId", c.status, c.scopes
          FROM users.api_clients c WHERE c.client_id = ${clientId}`,
      );
      return client ?? null;
    },
  };
}
