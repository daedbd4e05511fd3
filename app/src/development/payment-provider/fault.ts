import type { RefusalCode } from '@tributary/billing/provider/payment-provider';

const STATUS: Readonly<Record<RefusalCode, number>> = {
  INVALID_REQUEST: 400,
  NOT_AUTHENTICATED: 401,
  NOT_FOUND: 404,
  IDEMPOTENCY_KEY_REUSED: 409,
  NOT_POSSIBLE: 422,
};

/** A request that is not carried out, and will not be when it is repeated. */
export class Fault extends Error {
  override name = 'Fault';
  readonly code: RefusalCode;
  readonly statusCode: number;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
    this.statusCode = STATUS[code];
  }
}
