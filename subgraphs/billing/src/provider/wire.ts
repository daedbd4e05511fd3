import type { ChargeOutcome, ProviderEvent, RefundOutcome } from './payment-provider.ts';

// The JSON that the provider and this subgraph exchange. Amounts are decimal strings, times ISO 8601. What arrives is checked here: a
// provider that answers nonsense is treated like one that does not answer.

export interface WireCharge {
  reference: string;
  idempotencyKey: string;
  state: ChargeOutcome['state'];
  amountMinor: string;
  currency: string;
  capturedMinor: string;
  /** Null until captured. */
  capturedAt: string | null;
  /** Null unless the payer must act. */
  actionUrl: string | null;
  /** Null unless failed. */
  failureCode: string | null;
}

export interface WireRefund {
  reference: string;
  idempotencyKey: string;
  chargeReference: string;
  state: RefundOutcome['state'];
  amountMinor: string;
  currency: string;
  /** Null until succeeded. */
  succeededAt: string | null;
  /** Null unless failed. */
  failureCode: string | null;
}

export type WireEvent = { id: string; occurredAt: string } & (
  { type: 'charge'; charge: WireCharge } | { type: 'refund'; refund: WireRefund }
);

/** What arrived is not what it should be. The message names the place and repeats no value. */
export class UnusableMessage extends Error {
  override name = 'UnusableMessage';
}

/** An outcome, and the key of the request that it belongs to. */
export interface Keyed<Outcome> {
  idempotencyKey: string;
  outcome: Outcome;
}

export function parseCharge(value: unknown): Keyed<ChargeOutcome> {
  const read = reader(value, 'charge');
  return { idempotencyKey: read.text('idempotencyKey'), outcome: chargeOutcome(read) };
}

export function parseRefund(value: unknown): Keyed<RefundOutcome> {
  const read = reader(value, 'refund');
  return { idempotencyKey: read.text('idempotencyKey'), outcome: refundOutcome(read) };
}

export function parseEvent(value: unknown): ProviderEvent {
  const read = reader(value, 'event');
  const base = { id: read.text('id'), occurredAt: read.time('occurredAt') };
  const type = read.text('type');
  if (type === 'charge') return { ...base, type, ...parseCharge(read.field('charge')) };
  if (type === 'refund') return { ...base, type, ...parseRefund(read.field('refund')) };
  throw new UnusableMessage('The event is of an unknown type.');
}

function chargeOutcome(read: Reader): ChargeOutcome {
  const state = read.text('state');
  const reference = read.text('reference');
  switch (state) {
    case 'captured':
      return { state, reference, capturedMinor: read.amount('capturedMinor'), capturedAt: read.time('capturedAt') };
    case 'requiresAction':
      return { state, reference, url: read.url('actionUrl') };
    case 'failed':
      return { state, reference, failureCode: read.text('failureCode') };
    case 'authorized':
    case 'processing':
    case 'released':
      return { state, reference };
    default:
      throw new UnusableMessage('The charge is in an unknown state.');
  }
}

function refundOutcome(read: Reader): RefundOutcome {
  const state = read.text('state');
  const reference = read.text('reference');
  switch (state) {
    case 'succeeded':
      return { state, reference, succeededAt: read.time('succeededAt') };
    case 'failed':
      return { state, reference, failureCode: read.text('failureCode') };
    case 'processing':
      return { state, reference };
    default:
      throw new UnusableMessage('The refund is in an unknown state.');
  }
}

type Reader = ReturnType<typeof reader>;

const MAX_TEXT = 255;
const MAX_URL = 2_048;
const AMOUNT = /^[1-9]\d{0,17}$/; // fits a bigint of the database
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

function reader(value: unknown, subject: string) {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnusableMessage(`The ${subject} is not an object.`);
  const fields = value as Partial<Record<string, unknown>>;
  const text = (name: string, maxLength = MAX_TEXT): string => {
    const found = fields[name];
    if (typeof found !== 'string' || found === '' || found.length > maxLength)
      throw new UnusableMessage(`The ${subject} has no usable ${name}.`);
    return found;
  };
  return {
    field: (name: string) => fields[name],
    text,
    amount(name: string): bigint {
      if (!AMOUNT.test(text(name))) throw new UnusableMessage(`The ${subject} has no usable ${name}.`);
      return BigInt(text(name));
    },
    time(name: string): Date {
      const time = new Date(text(name));
      if (Number.isNaN(time.getTime())) throw new UnusableMessage(`The ${subject} has no usable ${name}.`);
      return time;
    },
    /** Clients will follow it: nothing but https, or this machine. */
    url(name: string): string {
      const found = text(name, MAX_URL);
      const url = URL.canParse(found) ? new URL(found) : null;
      const reachable = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
      if (!url || !reachable || url.username + url.password !== '')
        throw new UnusableMessage(`The ${subject} has no usable ${name}.`);
      return url.href; // in the one form that the database knows, for example of an address
    },
  };
}
