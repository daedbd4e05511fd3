import { badUserInput } from '@tributary/kit';
import type { PrincipalQuery } from '@tributary/kit';

// Identity providers keep to far less: OpenID Connect allows 255 characters for a subject.
const MAX_NAME_LENGTH = 2_048;

/** The body of a lookup: `{ issuer, subject }` or `{ clientId }`, nothing besides. Throws BAD_USER_INPUT for anything else. */
export function parsePrincipalQuery(body: unknown): PrincipalQuery {
  const names = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { issuer, subject, clientId } = names;
  switch (Object.keys(names).sort().join()) {
    case 'clientId':
      if (isName(clientId)) return { clientId };
      break;
    case 'issuer,subject':
      if (isName(issuer) && isName(subject)) return { issuer, subject };
  }
  throw badUserInput('A lookup names either "issuer" and "subject" or "clientId", each a text.');
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME_LENGTH;
}
