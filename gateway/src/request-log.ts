import type { Clock } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';

import { principalForLog } from './context.ts';
import type { RequestRecord } from './context.ts';

/** The one line about an operation, when it is over. `status`: of HTTP, or the name of another protocol. */
export function logRequest(
  record: RequestRecord,
  { status, clock, logger }: { status: number | string; clock: Clock; logger: Logger },
): void {
  const { requestId, startedAt, operationName, operationType, cost, errorCodes, principal, events } = record;
  logger.info(
    {
      requestId,
      operation: operationName,
      type: operationType,
      cost,
      status,
      durationMs: clock.now().getTime() - startedAt,
      errors: [...errorCodes],
      principal: principalForLog(principal),
      ...(events !== null && { events }),
    },
    'request',
  );
}
