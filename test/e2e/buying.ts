import { randomUUID } from 'node:crypto';

import { toGlobalId } from '@tributary/kit';

import { storedToken } from '../kit/field-keys.ts';
import { fixtureId, organizations, people } from '../kit/fixture.ts';
import type { TestGraph } from '../kit/graph.ts';
import type { TokenSubject } from '../kit/issuer.ts';
import type { TestDatabase } from '../kit/postgres.ts';

// What a buyer of the fixture does before there is anything to pay.

export interface PlacedOrder {
  id: string;
  number: string | null;
  status: string;
  version: number;
  total: { amountMinor: string; currency: string };
}

export interface Purchase {
  /** Id of a saved card; left out: nothing is paid yet. */
  card?: string;
  forOrganization?: boolean;
  lamps?: number;
  codes?: string[];
}

export const buyer: TokenSubject = { subject: 'buyer' };

const ADDRESS = { recipient: 'Ada Buyer', line1: 'Hauptplatz 1', city: 'Graz', postalCode: '8010', country: 'AT' };
const ORDER = 'order { id number status version total { amountMinor currency } }';
const ERRORS = 'userErrors { code field message }';

/** A card of the buyer that does what `token` says to the provider. Returns its id. */
export async function saveCard(database: TestDatabase, provider: string, token: string): Promise<string> {
  const id = randomUUID();
  await database.query(
    `INSERT INTO billing.payment_methods (id, account_id, type, provider, provider_token_enc, brand, last4)
      SELECT $1, id, 'CARD', $2, $3, 'visa', '4242' FROM billing.billing_accounts WHERE owner_id = $4`,
    [id, provider, storedToken(id, token), people.buyer],
  );
  return toGlobalId('PaymentMethod', id);
}

/** Runs a mutation that must not be refused, and returns the order in its payload. */
export async function changeOrder(
  graph: TestGraph,
  as: TokenSubject,
  mutation: string,
  input: Record<string, unknown>,
): Promise<PlacedOrder> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const { data, errors } = await graph.ask({
    query: `mutation ($input: ${type}) { ${mutation}(input: $input) { ${ORDER} ${ERRORS} } }`,
    variables: { input },
    as,
  });
  const payload = data?.[mutation] as { order: PlacedOrder | null; userErrors: unknown[] } | undefined;
  if (errors || !payload?.order) throw new Error(JSON.stringify(errors ?? payload));
  return payload.order;
}

/** Drafts and places an order for lamps. */
export async function placeOrder(
  graph: TestGraph,
  as: TokenSubject,
  { card, forOrganization = false, lamps = 1, codes = [] }: Purchase = {},
): Promise<PlacedOrder> {
  const draft = await changeOrder(graph, as, 'orderDraftSave', {
    lines: [{ variantId: fixtureId('ProductVariant'), quantity: lamps }],
    shippingAddress: ADDRESS,
    discountCodes: codes,
    ...(forOrganization && { organizationId: toGlobalId('Organization', organizations.buying) }),
  });
  return changeOrder(graph, as, 'orderPlace', {
    id: draft.id,
    expectedVersion: draft.version,
    expectedTotal: draft.total,
    idempotencyKey: randomUUID(),
    paymentMethodId: card ?? null,
  });
}
