import type { Principal } from '@tributary/kit';

import { clients, people } from '../kit/fixture.ts';
import type { TokenSubject } from '../kit/issuer.ts';
import { CALLERS } from './access-matrix.ts';
import type { Caller } from './access-matrix.ts';

/** Callers that reach the gateway. Services talk to subgraphs only. */
export const GATEWAY_CALLERS = CALLERS.filter((caller) => caller !== 'service');

export const service: Principal = {
  type: 'service',
  service: 'test',
  roles: ['SERVICE'],
  scopes: ['orders:read', 'orders:fulfill', 'billing:read', 'billing:read_all', 'users:read_pii'],
  authTime: null,
  amr: [],
};

/** The token of a caller; undefined for the anonymous one. */
export function subjectOf(caller: Caller): TokenSubject | undefined {
  if (caller in people) return { subject: caller };
  if (caller in clients) return { subject: caller, client: true };
  return undefined;
}
