import { invariant } from '@tributary/kit';

import { PAYMENT_TIMINGS } from '../payment/payment-settings.ts';
import { OutcomeUnknown, ProviderRefusal } from './payment-provider.ts';
import type { ChargeOutcome, PaymentProvider, RefundOutcome, RefusalCode } from './payment-provider.ts';
import { parseCharge, parseRefund, UnusableMessage } from './wire.ts';
import type { Keyed } from './wire.ts';

// The port over HTTP. Whatever is not a clear answer of the provider itself is an unknown outcome: no answer in time, a cut connection,
// a redirect, an error of something in between, JSON that makes no sense.

export interface HttpPaymentProviderOptions {
  name: string;
  /** Base URL of the provider's API. */
  url: string;
  apiKey: string;
  /** One call takes at most this long, from connecting to the last byte. */
  timeoutMs?: number;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const KEY = /^[\x21-\x7e]{1,255}$/;
const REFUSAL_CODES: readonly RefusalCode[] = [
  'IDEMPOTENCY_KEY_REUSED',
  'NOT_FOUND',
  'NOT_POSSIBLE',
  'NOT_AUTHENTICATED',
  'INVALID_REQUEST',
];

export function createHttpPaymentProvider(options: HttpPaymentProviderOptions): PaymentProvider {
  const { name, apiKey, timeoutMs = PAYMENT_TIMINGS.providerTimeoutMs } = options;
  const base = options.url.replace(/\/$/, '');

  async function send(method: 'GET' | 'POST', path: string, body?: object, idempotencyKey?: string): Promise<unknown> {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        authorization: `Bearer ${apiKey}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'manual', // following would show the key to whoever is there
      signal: AbortSignal.timeout(timeoutMs),
    });
    const content = await readJson(answer);
    if (answer.ok) return content;
    const code = REFUSAL_CODES.find((each) => each === refusalCodeIn(content));
    if (answer.status >= 400 && answer.status < 500 && code) throw new ProviderRefusal(code);
    throw new UnusableMessage(`The provider answered with HTTP status ${answer.status}.`);
  }

  /** Sends a request under a key; the answer must be about that key. */
  async function sendKeyed<Outcome>(
    path: string,
    idempotencyKey: string,
    body: object,
    parse: (value: unknown) => Keyed<Outcome>,
  ): Promise<Outcome> {
    invariant(KEY.test(idempotencyKey), 'An idempotency key is 1 to 255 printable characters.');
    return clearly(async () => ofKey(idempotencyKey, parse(await send('POST', path, body, idempotencyKey))));
  }

  async function find<Outcome>(
    path: string,
    idempotencyKey: string,
    parse: (value: unknown) => Keyed<Outcome>,
  ): Promise<Outcome | null> {
    return clearly(async () => {
      const found = await send('GET', `${path}?${new URLSearchParams({ idempotencyKey }).toString()}`);
      if (!isObject(found) || !Array.isArray(found.items) || found.items.length > 1)
        throw new UnusableMessage('The provider did not answer with a list of one or none.');
      const items = found.items as unknown[];
      return items.length === 0 ? null : ofKey(idempotencyKey, parse(items[0]));
    });
  }

  const change = async (reference: string, verb: 'capture' | 'release', body: object): Promise<ChargeOutcome> =>
    clearly(async () => {
      const path = `/v1/charges/${encodeURIComponent(reference)}/${verb}`;
      const { outcome } = parseCharge(await send('POST', path, body));
      if (outcome.reference !== reference) throw new UnusableMessage('The answer is about another charge.');
      return outcome;
    });

  return {
    name,
    charge: ({ idempotencyKey, amountMinor, ...rest }) =>
      sendKeyed('/v1/charges', idempotencyKey, { ...rest, amountMinor: String(amountMinor) }, parseCharge),
    findCharge: (idempotencyKey) => find<ChargeOutcome>('/v1/charges', idempotencyKey, parseCharge),
    capture: ({ reference, amountMinor }) => change(reference, 'capture', { amountMinor: String(amountMinor) }),
    release: ({ reference }) => change(reference, 'release', {}),
    refund: ({ idempotencyKey, amountMinor, ...rest }) =>
      sendKeyed('/v1/refunds', idempotencyKey, { ...rest, amountMinor: String(amountMinor) }, parseRefund),
    findRefund: (idempotencyKey) => find<RefundOutcome>('/v1/refunds', idempotencyKey, parseRefund),
  };
}

async function clearly<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProviderRefusal) throw error;
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    throw new OutcomeUnknown(
      timedOut ? 'The payment provider did not answer in time.' : 'The payment provider gave no usable answer.',
      { cause: error },
    );
  }
}

function ofKey<Outcome>(idempotencyKey: string, answer: Keyed<Outcome>): Outcome {
  if (answer.idempotencyKey !== idempotencyKey) throw new UnusableMessage('The answer is about another request.');
  return answer.outcome;
}

async function readJson({ headers, body }: Response): Promise<unknown> {
  const [mediaType] = (headers.get('content-type') ?? '').split(';');
  if (mediaType?.trim().toLowerCase() !== 'application/json' || body === null) {
    await body?.cancel();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Counted as they arrive; leaving the loop cuts the connection.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new UnusableMessage('The answer is too large.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new UnusableMessage('The answer is broken JSON.'); // the parser's own words quote it
  }
}

const refusalCodeIn = (content: unknown): unknown =>
  isObject(content) && isObject(content.error) ? content.error.code : undefined;

function isObject(value: unknown): value is Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
