import { Pool } from 'undici';

import { SECOND } from '@tributary/kit/clock';
import type { InternalTokenSigner } from '@tributary/kit/internal-token';
import type { Handle } from '@tributary/kit/lifecycle';
import { ROLES } from '@tributary/kit/principal';
import type { Principal, Role } from '@tributary/kit/principal';
import type { FindPrincipal, PrincipalRecord } from '@tributary/kit/principal-record';

import { discardBody, readJsonBody } from '../transport/read-body.ts';

const SUBGRAPH = 'users';
const PATH = '/internal/principals';
const TIMEOUT_MS = 3 * SECOND;
const MAX_BYTES = 64 * 1024;
const MAX_CONNECTIONS = 16;

// The lookup is the gateway's own business: it happens before there is a principal.
const GATEWAY: Principal = {
  type: 'service',
  service: 'gateway',
  roles: ['SERVICE'],
  scopes: [],
  authTime: null,
  amr: [],
};

/** Looks subjects up at the users subgraph's server; `url` is its base URL. The function rejects when the server cannot answer. */
export function createHttpFindPrincipal({
  url,
  signer,
}: {
  url: string;
  signer: InternalTokenSigner;
}): Handle & { findPrincipal: FindPrincipal } {
  const base = new URL(url);
  const pool = new Pool(base.origin, { connections: MAX_CONNECTIONS });
  let stopping: Promise<void> | undefined;
  return {
    async findPrincipal(query) {
      const answer = await pool.request({
        method: 'POST',
        path: `${base.pathname.replace(/\/$/, '')}${PATH}`,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          authorization: `Bearer ${await signer.sign(GATEWAY, SUBGRAPH)}`,
        },
        body: JSON.stringify(query),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (answer.statusCode !== 200) {
        discardBody(answer.body);
        throw new Error(`The lookup of a principal was answered with HTTP status ${answer.statusCode}.`);
      }
      return parseRecord(await readJsonBody(answer, MAX_BYTES));
    },
    stop: () => (stopping ??= pool.destroy()),
  };
}

// The answer comes from our own subgraph, but maybe from another version of it.
function parseRecord(body: unknown): PrincipalRecord | null {
  const record = (body as { principal?: unknown } | null)?.principal;
  if (record === null) return null;
  if (isUser(record) || isClient(record)) return record as PrincipalRecord;
  throw new Error('The lookup of a principal was answered with something else.');
}

function isUser(record: unknown): boolean {
  const user = record as Partial<Extract<PrincipalRecord, { type: 'user' }>> | undefined;
  return (
    user?.type === 'user' &&
    typeof user.userId === 'string' &&
    typeof user.status === 'string' &&
    Array.isArray(user.roles) &&
    user.roles.every((role: Role) => ROLES.includes(role)) &&
    Array.isArray(user.memberships)
  );
}

function isClient(record: unknown): boolean {
  const client = record as Partial<Extract<PrincipalRecord, { type: 'client' }>> | undefined;
  return (
    client?.type === 'client' &&
    typeof client.clientId === 'string' &&
    typeof client.organizationId === 'string' &&
    typeof client.status === 'string' &&
    Array.isArray(client.scopes)
  );
}
