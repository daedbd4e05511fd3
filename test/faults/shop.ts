import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

// Customers who do not give up: every step carries a key and is repeated until it is answered, whatever dies meanwhile.

export interface Purchase {
  /** Stands in the order, so that it is found again. */
  reference: string;
  orderId: string;
}

export interface Shop {
  /** Orders that were acknowledged. */
  readonly purchases: readonly Purchase[];
  /** Answers that no customer should have got. */
  readonly complaints: readonly string[];
  /** Lets the customers finish what they are at. */
  close(): Promise<void>;
}

interface Answer {
  data?: Record<string, Payload | null> | null;
  errors?: readonly { extensions: { code: string } }[];
}
interface Payload {
  order: { id: string; version: number; total: { amountMinor: string; currency: string } } | null;
  userErrors: readonly { code: string; message: string }[];
}

const RETRY_MS = 100;
const PATIENCE_MS = 60_000;
// What a customer repeats: the answer did not come, or came from a part that was not there.
const PASSING = /^(SUBGRAPH_\w+|UNAVAILABLE|DEADLINE_EXCEEDED|INTERNAL_SERVER_ERROR)$/;

const DRAFT = `mutation ($input: OrderDraftSaveInput!) {
  orderDraftSave(input: $input) { order { id version total { amountMinor currency } } userErrors { code message } }
}`;
const PLACE = `mutation ($input: OrderPlaceInput!) {
  orderPlace(input: $input) { order { id version total { amountMinor currency } } userErrors { code message } }
}`;

export interface ShopOptions {
  url: string;
  token: () => Promise<string>;
  customers: number;
  variantId: string;
  paymentMethodId: string;
}

export function openShop({ url, token, customers, variantId, paymentMethodId }: ShopOptions): Shop {
  const purchases: Purchase[] = [];
  const complaints: string[] = [];
  let open = true;

  async function askOnce(query: string, input: object): Promise<Payload | null> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}`, connection: 'close' },
      body: JSON.stringify({ query, variables: { input } }),
      signal: AbortSignal.timeout(15_000),
    });
    const { data, errors } = (await response.json()) as Answer;
    const [payload] = Object.values(data ?? {});
    if (payload) return payload;
    const codes = errors?.map(({ extensions }) => extensions.code) ?? [];
    if (!codes.every((code) => PASSING.test(code))) complaints.push(`refused with ${codes.join()}`);
    return null;
  }

  /** Null when it was refused for good. */
  async function ask(query: string, input: object): Promise<NonNullable<Payload['order']> | null> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const payload = await askOnce(query, input).catch(() => null);
      if (payload?.order) return payload.order;
      const refusals = payload?.userErrors.filter(({ code }) => code !== 'IDEMPOTENCY_KEY_IN_USE') ?? [];
      if (refusals.length > 0 || Date.now() > deadline) {
        complaints.push(refusals.map(({ code, message }) => `${code}: ${message}`).join() || 'no answer for a minute');
        return null;
      }
      await sleep(RETRY_MS);
    }
  }

  async function shopping(): Promise<void> {
    const shippingAddress = { recipient: 'Ada Byron', line1: 'Kanaalstraat 1', city: 'Utrecht', country: 'NL' };
    while (open) {
      const reference = randomUUID();
      const draft = await ask(DRAFT, {
        currency: 'EUR',
        lines: [{ variantId, quantity: 1 }],
        shippingAddress,
        customerNote: reference,
        idempotencyKey: randomUUID(),
      });
      if (!draft) continue;
      const { id, version, total } = draft;
      const placed = await ask(PLACE, {
        ...{ id, expectedVersion: version, expectedTotal: total, paymentMethodId },
        idempotencyKey: randomUUID(),
      });
      if (placed) purchases.push({ reference, orderId: placed.id });
    }
  }

  const shoppers = Array.from({ length: customers }, shopping);
  return {
    purchases,
    complaints,
    async close() {
      open = false;
      await Promise.all(shoppers);
    },
  };
}
