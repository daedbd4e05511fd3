import type { IncomingMessage } from 'node:http';

import type { Credentials } from '../auth/authenticate.ts';
import { TokenRefused } from '../auth/token-errors.ts';

/** What of a handshake tells who calls. The rest of the request is not kept as long as the connection. */
export function credentialsOf({ headersDistinct, url = '' }: IncomingMessage): Credentials {
  const { authorization } = headersDistinct;
  return { headersDistinct: authorization ? { authorization } : {}, url };
}

/**
 * The token of a connection: that in the payload of `connection_init`, because browsers cannot set headers, else that of the handshake.
 * Throws `TokenRefused` for a payload whose `authorization` is no text.
 */
export function readSocketCredentials(
  handshake: Credentials,
  payload: Readonly<Record<string, unknown>> | undefined,
): Credentials {
  const given = Object.entries(payload ?? {}).filter(([name]) => name.toLowerCase() === 'authorization');
  if (given.length === 0) return handshake;
  const authorization = given.map(([, value]) => {
    if (typeof value !== 'string') throw new TokenRefused('The authorization of the connection is no text.');
    return value;
  });
  return { ...handshake, headersDistinct: { authorization } };
}

/** The headers of a connection, with what its `connection_init` has under the names that are passed on. */
export function headersWith(
  headers: Readonly<Record<string, string>> | undefined,
  payload: Readonly<Record<string, unknown>> | undefined,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const given = Object.entries(payload ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' && names.includes(name.toLowerCase()) ? [[name.toLowerCase(), value] as const] : [],
  );
  return given.length === 0 ? headers : { ...headers, ...Object.fromEntries(given) };
}
