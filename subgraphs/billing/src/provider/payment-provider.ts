// What billing needs of whoever moves the money. Every request that moves some carries an idempotency key of the caller's: the provider
// acts on a key once and answers every repeat as it answered the first time, however many arrive at once and however much later. So after
// an `OutcomeUnknown` both are safe: asking by the key, which tells how things are now, and sending the same request again. None of these
// calls belongs into a database transaction. They reject with `OutcomeUnknown` or `ProviderRefusal`.

export interface PaymentProvider {
  /** Stored with each payment: references are unique per provider. */
  readonly name: string;

  /** Collects an amount, or with `capture: false` reserves it. */
  charge(request: ChargeRequest): Promise<ChargeOutcome>;
  /** What has become of a charge; null: the provider has never heard of the key, so no money has moved under it. */
  findCharge(idempotencyKey: string): Promise<ChargeOutcome | null>;

  /** Collects what was authorized, or a part of it and releases the rest. Repeating it answers alike. */
  capture(request: CaptureRequest): Promise<ChargeOutcome>;
  /**
   * Lets go of a charge that has not been captured. Answers what the charge is afterward: `released`, or what it had become in the
   * meantime when it was too late, for example `captured`. Repeating it answers alike.
   */
  release(request: ReleaseRequest): Promise<ChargeOutcome>;

  /** Gives back a captured amount, or a part of it. */
  refund(request: RefundRequest): Promise<RefundOutcome>;
  /** What has become of a refund; null: the provider has never heard of the key. */
  findRefund(idempotencyKey: string): Promise<RefundOutcome | null>;
}

export interface ChargeRequest {
  /** At most 255 characters; names the payment, not the call. */
  idempotencyKey: string;
  amountMinor: bigint;
  currency: string;
  /** The provider's name for the saved payment method. A secret: it stays out of logs. */
  methodToken: string;
  /** Whether to collect at once; false: only authorize. */
  capture: boolean;
}

export interface CaptureRequest {
  /** Reference of the authorized charge. */
  reference: string;
  amountMinor: bigint;
}

export interface ReleaseRequest {
  /** Reference of the charge. */
  reference: string;
}

export interface RefundRequest {
  /** At most 255 characters; names the refund, not the call. */
  idempotencyKey: string;
  /** Reference of the captured charge. */
  chargeReference: string;
  amountMinor: bigint;
  currency: string;
}

/** Where a charge stands. `captured`, `failed` and `released` are final; of the others a `ProviderEvent` tells how they go on. */
export type ChargeOutcome =
  | { state: 'captured'; reference: string; capturedMinor: bigint; capturedAt: Date }
  | { state: 'authorized'; reference: string }
  /** The payer must do something at `url` first, for example confirm at their bank. */
  | { state: 'requiresAction'; reference: string; url: string }
  /** Accepted, but whether the money comes is told later. */
  | { state: 'processing'; reference: string }
  | { state: 'released'; reference: string }
  /** No money has moved and none will. The reference is null when the provider did not keep the attempt. */
  | { state: 'failed'; reference: string | null; failureCode: string };

/** Where a refund stands. `succeeded` and `failed` are final. */
export type RefundOutcome =
  | { state: 'succeeded'; reference: string; succeededAt: Date }
  | { state: 'processing'; reference: string }
  | { state: 'failed'; reference: string | null; failureCode: string };

/**
 * What the provider tells by itself. It arrives at least once, so maybe twice, and not in order: the receiver remembers `id`, and lets
 * an older state never replace a final one. In doubt `findCharge` and `findRefund` tell how things are now.
 */
export type ProviderEvent = {
  /** The same whenever this event is delivered again. */
  id: string;
  occurredAt: Date;
  /** The key under which the charge or refund was requested. */
  idempotencyKey: string;
} & ({ type: 'charge'; outcome: ChargeOutcome } | { type: 'refund'; outcome: RefundOutcome });

/**
 * Nobody knows whether the provider acted: no answer in time, a cut connection, a server error, or an answer that makes no sense. The
 * payment stays PROCESSING until the provider was asked; taking this for a failure could charge twice.
 */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';
}

export type RefusalCode =
  /** The key was used for another request. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** There is no such charge or payment method. */
  | 'NOT_FOUND'
  /** The charge is not in a state that allows this, or the amount is more than is left. */
  | 'NOT_POSSIBLE'
  /** Our credentials are not accepted: for the operator to mend, no payment has failed for this. */
  | 'NOT_AUTHENTICATED'
  /** Anything else about the request is wrong. */
  | 'INVALID_REQUEST';

/** The provider understood the request, did nothing and will not do it on repeating either. A declined card is an outcome, not this. */
export class ProviderRefusal extends Error {
  override name = 'ProviderRefusal';
  readonly code: RefusalCode;
  constructor(code: RefusalCode) {
    super(`The payment provider refused the request: ${code}.`);
    this.code = code;
  }
}
