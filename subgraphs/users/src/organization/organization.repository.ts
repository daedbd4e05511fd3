import sql from 'sql-template-tag';

import { anyArm, columnsOf, inputError, refuse, sqlStateOf, visibleArms } from '@tributary/kit';
import type { RequestContext, Transaction } from '@tributary/kit';

import { organizationEntity } from './organization.entity.ts';
import type { Organization } from './organization.ts';
import { organizationVisibility } from './organization.visibility.ts';

export interface OrganizationRepository {
  /** The organizations among `ids` that the caller may see, in no particular order. */
  findByIds(ids: readonly string[]): Promise<Organization[]>;
}

/** Organizations within one transaction. A tax number that another one of the country has is refused. */
export interface OrganizationStore {
  /**
   * The organization, if the caller may see it. Nobody else changes it, or who its members are, until the end of the transaction: of two
   * owners who remove each other the second one finds the first one's work done.
   */
  lock(id: string): Promise<Organization | null>;
  add(organization: Omit<Organization, 'createdAt' | 'updatedAt' | 'version'>): Promise<Organization>;
  /** Writes the details of a locked organization and counts its version up. */
  store(organization: Organization): Promise<Organization>;
}

const columns = columnsOf(organizationEntity, 'o');

export function createOrganizationRepository(context: RequestContext): OrganizationRepository {
  return {
    findByIds(ids) {
      const visible = anyArm(visibleArms(context, () => organizationVisibility(context.principal)));
      return context.db.query<Organization>(
        sql`SELECT ${columns} FROM users.organizations o WHERE o.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
    },
  };
}

export function createOrganizationStore(tx: Transaction, context: RequestContext): OrganizationStore {
  return {
    async lock(id) {
      const visible = anyArm(visibleArms(context, () => organizationVisibility(context.principal)));
      const [organization] = await tx.query<Organization>(
        sql`SELECT ${columns} FROM users.organizations o WHERE o.id = ${id}::uuid AND ${visible} FOR NO KEY UPDATE`,
      );
      return organization ?? null;
    },
    async add({ id, name, legalName, taxId, kind, country }) {
      const [organization] = await tx
        .query<Organization>(
          sql`INSERT INTO users.organizations AS o (id, name, legal_name, tax_id, kind, country)
            VALUES (${id}::uuid, ${name}, ${legalName}, ${taxId}, ${kind}, ${country}) RETURNING ${columns}`,
        )
        .catch(asTaken);
      return organization!;
    },
    async store({ id, name, legalName, taxId }) {
      const [organization] = await tx
        .query<Organization>(
          sql`UPDATE users.organizations o SET name = ${name}, legal_name = ${legalName}, tax_id = ${taxId},
              version = o.version + 1, updated_at = now()
            WHERE o.id = ${id}::uuid RETURNING ${columns}`,
        )
        .catch(asTaken);
      return organization!;
    },
  };
}

const UNIQUE_VIOLATION = '23505';

// Asking beforehand would leave a gap in which somebody else takes the number. The organization has no other unique key but its id.
function asTaken(error: unknown): never {
  if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
  return refuse(
    inputError('ALREADY_EXISTS', 'Another organization of this country has the tax number.', ['input', 'taxId']),
  );
}
