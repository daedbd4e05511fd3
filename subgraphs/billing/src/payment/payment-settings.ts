import { MINUTE, SECOND } from '@tributary/kit/clock';

/** How long what is asked of the provider may take. */
export interface PaymentSettings {
  /** Pause between two looks for payments and refunds that have to be sent. */
  pollMs: number;
  /** Whoever asks the provider has this long before somebody else does; longer than the provider's own time limit. */
  leaseMs: number;
  /** An outcome that is still owed is asked for again after this. */
  reconcileAfterMs: number;
}

export const PAYMENT_SETTINGS: PaymentSettings = Object.freeze({
  pollMs: 300,
  leaseMs: MINUTE,
  reconcileAfterMs: 15 * SECOND,
});

/** The same with the time limit of a provider that is reached over HTTP. */
export interface PaymentTimings extends PaymentSettings {
  /** One call takes at most this long. */
  providerTimeoutMs: number;
}

export const PAYMENT_TIMINGS: PaymentTimings = Object.freeze({ ...PAYMENT_SETTINGS, providerTimeoutMs: 10 * SECOND });
