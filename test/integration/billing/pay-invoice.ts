import { randomUUID } from 'node:crypto';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import type { Customer, PaymentWorld } from './payment-world.ts';

// `invoicePay` as clients call it.

const PAY = `mutation ($input: InvoicePayInput!) { invoicePay(input: $input) {
  replayed
  invoice { id status amountPaid { amountMinor } amountDue { amountMinor } version }
  payment { id state amount { amountMinor } capturedAmount { amountMinor } methodType method { last4 } }
  userErrors { __typename code field ... on StateError { currentState allowedStates } }
} }`;

export interface Payload {
  replayed: boolean;
  invoice: { id: string; status: string; amountPaid: Amount; amountDue: Amount; version: number } | null;
  payment: { id: string; state: string; amount: Amount; capturedAmount: Amount; methodType: string } | null;
  userErrors: { code: string; field: string[] | null }[];
}
interface Amount {
  amountMinor: string;
}
export type PayInput = {
  invoiceId: string;
  amount?: object | null;
  paymentMethodId?: string | null;
  idempotencyKey?: string;
};

export async function payInvoice(world: PaymentWorld, principal: Principal | null, input: PayInput) {
  const { data, errors } = await world.run<{ invoicePay: Payload } | null>(principal, PAY, {
    input: { idempotencyKey: randomUUID(), ...input },
  });
  return { payload: data?.invoicePay ?? null, errors };
}

export const euros = (amountMinor: bigint) => ({ amountMinor: String(amountMinor), currency: 'EUR' });
export const methodOf = ({ methodId }: Customer) => toGlobalId('PaymentMethod', methodId);
