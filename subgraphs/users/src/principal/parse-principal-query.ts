import { badUserInput } from '@tributary/kit';
import type { PrincipalQuery } from '@tributary/kit';

/** The body of a lookup: `{ issuer, subject }` or `{ clientId }`, nothing besides. Throws BAD_USER_INPUT for anything else. */
export function parsePrincipalQuery(body: unknown): PrincipalQuery {
  const names = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { issuer, subject, clientId } = names;
  switch (Object.keys(names).sort().join()) {
    case 'clientId':
      if (typeof clientId === 'string') return { clientId };
      break;
    case 'issuer,subject':
      if (typeof issuer === 'string' && typeof subject === 'string') return { issuer, subject };
  }
  throw badUserInput('A lookup names either "issuer" and "subject" or "clientId", each a text.');
}
