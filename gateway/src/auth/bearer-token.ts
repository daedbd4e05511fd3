import type { IncomingMessage } from 'node:http';

import { TokenRefused } from './token-errors.ts';

const MAX_TOKEN_BYTES = 8 * 1024;
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/**
 * The access token of a request, or null when it has none. Throws `TokenRefused` for everything that tries to be one and is not:
 * another scheme, two headers, a token in the URL (where it would end up in logs).
 */
export function readBearerToken({
  headersDistinct,
  url,
}: Pick<IncomingMessage, 'headersDistinct' | 'url'>): string | null {
  if (/[?&]access_token=/.test(url ?? '')) throw new TokenRefused('The token is in the URL.');
  const headers = headersDistinct.authorization ?? [];
  const [header] = headers;
  if (header === undefined) return null;
  if (headers.length > 1) throw new TokenRefused('There are two Authorization headers.');
  if (header.length > MAX_TOKEN_BYTES) throw new TokenRefused('The token is too long.');
  const [, token] = BEARER.exec(header) ?? [];
  if (token === undefined) throw new TokenRefused('The Authorization header holds no bearer token.');
  return token;
}
