import type { FindPrincipal, Principal } from '@tributary/kit';
import { scopesOf } from '@tributary/gateway';

import { FIXTURE_ISSUER } from '../kit/fixture.ts';
import { CALLERS } from './access-matrix.ts';
import type { Caller } from './access-matrix.ts';
import { service, subjectOf } from './callers.ts';

/** The principals behind the callers of the matrix, as the gateway would resolve them from tokens without a `scope`. */
export async function resolveCallers(findPrincipal: FindPrincipal): Promise<ReadonlyMap<Caller, Principal | null>> {
  const principals = new Map<Caller, Principal | null>();
  for (const caller of CALLERS) principals.set(caller, await resolve(caller, findPrincipal));
  return principals;
}

async function resolve(caller: Caller, findPrincipal: FindPrincipal): Promise<Principal | null> {
  if (caller === 'service') return service;
  const subject = subjectOf(caller);
  if (!subject) return null;
  const record = await findPrincipal(
    subject.client ? { clientId: subject.subject } : { issuer: FIXTURE_ISSUER, subject: subject.subject },
  );
  if (!record) throw new Error(`The test world does not know ${caller}.`);
  const base = { scopes: scopesOf(record), authTime: null, amr: [] };
  return record.type === 'user'
    ? { ...base, type: 'user', userId: record.userId, roles: record.roles, memberships: record.memberships }
    : { ...base, type: 'client', clientId: record.clientId, organizationId: record.organizationId, roles: ['PARTNER'] };
}
