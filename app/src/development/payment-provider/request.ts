import type { ChargeRequest, RefundRequest } from '@tributary/billing/provider/payment-provider';

import { Fault } from './fault.ts';

// Turns what callers send into requests, or says what is wrong with it.

const AMOUNT = /^[1-9]\d{0,17}$/;
const CURRENCY = /^[A-Z]{3}$/;
const KEY = /^[\x21-\x7e]{1,255}$/;

type Fields = Partial<Record<string, unknown>>;

export function parseChargeRequest(body: unknown, idempotencyKey: unknown): ChargeRequest {
  const fields = fieldsOf(body);
  if (typeof fields.capture !== 'boolean') throw invalid('capture');
  return {
    idempotencyKey: parseKey(idempotencyKey),
    amountMinor: parseAmount(body),
    currency: matching(fields, 'currency', CURRENCY),
    methodToken: matching(fields, 'methodToken', KEY),
    capture: fields.capture,
  };
}

export function parseRefundRequest(body: unknown, idempotencyKey: unknown): RefundRequest {
  const fields = fieldsOf(body);
  return {
    idempotencyKey: parseKey(idempotencyKey),
    chargeReference: matching(fields, 'chargeReference', KEY),
    amountMinor: parseAmount(body),
    currency: matching(fields, 'currency', CURRENCY),
  };
}

export const parseAmount = (body: unknown): bigint => BigInt(matching(fieldsOf(body), 'amountMinor', AMOUNT));

export const parseKey = (idempotencyKey: unknown): string => matching({ idempotencyKey }, 'idempotencyKey', KEY);

function fieldsOf(body: unknown): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Fault('INVALID_REQUEST', 'The body must be a JSON object.');
  return body;
}

function matching(fields: Fields, name: string, pattern: RegExp): string {
  const value = fields[name];
  if (typeof value !== 'string' || !pattern.test(value)) throw invalid(name);
  return value;
}

const invalid = (name: string) => new Fault('INVALID_REQUEST', `${name} is missing or not usable.`);
