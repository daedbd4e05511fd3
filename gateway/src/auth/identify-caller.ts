import { unavailable } from '@tributary/kit/errors';
import type { Logger } from '@tributary/kit/logger';

import type { RequestRecord } from '../context.ts';
import { invalidToken, refusal } from '../errors.ts';
import type { Session } from './authenticate.ts';
import { AuthenticationUnavailable, TokenRefused } from './token-errors.ts';

/** Notes who calls in the record. Throws the refusal of a caller who is not let in, as an error with HTTP status and headers. */
export async function identifyCaller(
  open: () => Promise<Session>,
  { record, logger }: { record: RequestRecord; logger: Logger },
): Promise<Session> {
  const { requestId } = record;
  try {
    const session = await open();
    record.principal = session.principal;
    return session;
  } catch (error) {
    if (error instanceof TokenRefused) {
      logger.info({ requestId, reason: error.message }, 'a token was refused');
      throw refusal(invalidToken(), { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    }
    if (error instanceof AuthenticationUnavailable) {
      logger.error({ requestId, err: error }, 'a caller could not be identified');
      throw refusal(unavailable(), { status: 503, headers: { 'retry-after': '1' } });
    }
    throw error;
  }
}
