import { expect } from 'vitest';

import { recipes } from '../../../app/explorer/src/examples/recipes.ts';
import type { askAs } from './ask-as.ts';

// What a customer of the demo company does at a running system.

export type Ask = Awaited<ReturnType<typeof askAs>>;

/** Places an order with the default card, or with the one of a brand. Resolves with its id. */
export async function placeOrder(ask: Ask, brand?: string): Promise<string> {
  const prepared = await recipes.CheckoutPlaceOrder!.variables!(
    async (operation, variables) => (await ask(operation, variables)).data as never,
    new Date(),
  );
  const input = prepared.input as { paymentMethodId: string };
  const cards = (await ask('{ me { billingAccount { paymentMethods { id brand } } } }')).data as {
    me: { billingAccount: { paymentMethods: { id: string; brand: string }[] } };
  };
  const chosen = cards.me.billingAccount.paymentMethods.find((card) => card.brand === brand);
  const placed = await ask(
    'mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id } userErrors { code } } }',
    { input: { ...input, paymentMethodId: brand === undefined ? input.paymentMethodId : chosen!.id } },
  );
  expect(placed).toEqual({ data: { orderPlace: { order: { id: expect.any(String) as string }, userErrors: [] } } });
  return (placed.data as { orderPlace: { order: { id: string } } }).orderPlace.order.id;
}

export interface OrderPayment {
  order: { status: string; invoice: { payments: { state: string; nextActionUrl: string | null }[] } };
}

export async function paymentOf(ask: Ask, id: string): Promise<OrderPayment> {
  const query = `query ($id: ID!) { order(id: $id) { status paymentStatus invoice { payments { state nextActionUrl } } } }`;
  return (await ask(query, { id })).data as OrderPayment;
}

/** An order whose payer has to confirm. Resolves with its id and with the page where that is done. */
export async function placeOrderToConfirm(ask: Ask): Promise<{ id: string; actionUrl: string }> {
  const id = await placeOrder(ask, 'visa (asks for 3-D Secure)');
  await expect
    .poll(() => paymentOf(ask, id), SOON)
    .toMatchObject({ order: { status: 'PENDING', invoice: { payments: [{ state: 'REQUIRES_ACTION' }] } } });
  return { id, actionUrl: (await paymentOf(ask, id)).order.invoice.payments[0]!.nextActionUrl! };
}

export const SOON = { timeout: 30_000 }; // on a busy machine
export const paid = {
  order: { status: 'CONFIRMED', paymentStatus: 'PAID', invoice: { payments: [{ state: 'SUCCEEDED' }] } },
};
