import { expect, test } from 'vitest';

import { decisiveInvoice, derivePaymentStatus } from '@tributary/billing/invoice/payment-status';
import type { PaymentFigures } from '@tributary/billing/invoice/payment-status';

import { startTestPostgres } from '../../kit/postgres.ts';

interface Row {
  id: string;
  copy: string;
  status: PaymentFigures['status'] | null;
  paid: string;
  refunded: string;
  authorized: string;
  due: string;
}

test('the payment status that every order of the demo company carries is the one its invoices say', async () => {
  await using database = await startTestPostgres({ seed: 'demo' });
  const rows = await database.query<Row>(
    `SELECT o.id, o.payment_status AS copy, i.status, i.paid_minor AS paid, i.refunded_minor AS refunded,
       i.authorized_minor AS authorized, i.due_minor AS due
     FROM orders.orders o LEFT JOIN billing.invoices i ON i.order_id = o.id ORDER BY i.created_at DESC, i.id DESC`,
  );
  const orders = new Map<string, { copy: string; invoices: PaymentFigures[] }>();
  for (const { id, copy, status, paid, refunded, authorized, due } of rows) {
    const order = orders.get(id) ?? { copy, invoices: [] };
    if (status !== null)
      order.invoices.push({
        status,
        paidMinor: BigInt(paid),
        refundedMinor: BigInt(refunded),
        authorizedMinor: BigInt(authorized),
        dueMinor: BigInt(due),
      });
    orders.set(id, order);
  }
  const differing = [...orders].filter(
    ([, { copy, invoices }]) => derivePaymentStatus(decisiveInvoice(invoices)) !== copy,
  );
  expect(differing).toEqual([]);
  expect(new Set([...orders.values()].map(({ copy }) => copy)).size).toBe(8);
});
