import { randomUUID } from 'node:crypto';

import { expect } from 'vitest';

import type { ChargeRequest, PaymentProvider, ProviderRefusal } from '@tributary/billing/provider/payment-provider';

/** Tokens of payment methods, named after what they do. */
export interface ContractTokens {
  good: string;
  /** Authorizes, although it is asked to capture. */
  authorizes: string;
  /** Tokens that are declined, and with which code. */
  declined: Readonly<Record<string, string>>;
  requiresAction: string;
  asynchronous: string;
  asynchronouslyDeclined: { token: string; failureCode: string };
  /** Charged, but the answer does not arrive. */
  unanswered: readonly string[];
  asynchronousRefund: string;
  refundDeclined: { token: string; failureCode: string };
  asynchronousRefundDeclined: { token: string; failureCode: string };
}

export interface ContractSubject {
  provider: PaymentProvider;
  /** The same, with little patience. */
  impatient: PaymentProvider;
  /** What the payer does at the address that a charge leads to. */
  act(url: string, decision: 'confirm' | 'decline'): Promise<void>;
}

export const PARALLEL = 50;
export const A_WHILE = { timeout: 10_000, interval: 20 };

/** Any reference of a provider. */
export const reference = expect.stringMatching(/^\w{3,255}$/) as string;

export const newKey = () => `test-${randomUUID()}`;

export const requestOf = (methodToken: string, change: Partial<ChargeRequest> = {}): ChargeRequest => ({
  idempotencyKey: newKey(),
  amountMinor: 4990n,
  currency: 'EUR',
  methodToken,
  capture: true,
  ...change,
});

export const refusal = (code: string) =>
  expect.objectContaining({ name: 'ProviderRefusal', code }) as unknown as ProviderRefusal;
