import sql from 'sql-template-tag';

import type { WriteTransaction } from '@tributary/kit';

import { ensureAccount, lockAccountOf, openOnAccount } from '../account/account-writes.repository.ts';
import { fitsCreditLimit, ownerOf } from '../account/billing-account.ts';
import { invoiceFinalizedEvent, invoicePaidEvent } from '../events.ts';
import type { OrderPlaced } from '../events.ts';
import { postTransaction } from '../ledger/ledger.repository.ts';
import { invoiceFinalized } from '../ledger/postings.ts';
import { chooseMethod } from '../payment-method/payment-method.repository.ts';
import { insertPayment } from '../payment/payment-writes.repository.ts';
import { draftOfOrder } from './draft-of-order.ts';
import { finalizeInvoice, hasInvoice, insertDraft } from './invoice-writes.repository.ts';
import { InvoiceStatus } from './invoice.ts';

/**
 * Makes and finalizes the invoice of an order that was placed, and starts to collect it: with the method the buyer chose, if it is one of
 * the account, else on account within the credit limit, else not at all until somebody pays.
 */
export async function billOrder(
  tx: WriteTransaction,
  { orderId, order }: { orderId: string; order: OrderPlaced },
): Promise<void> {
  if (await hasInvoice(tx, orderId)) return;
  const owner = ownerOf(order);
  await ensureAccount(tx, owner, order.currency);
  const account = await lockAccountOf(tx, owner);
  const { lines, ...demand } = draftOfOrder(order);
  const { currency } = order;
  const method = order.paymentMethodId
    ? await chooseMethod(tx, order.paymentMethodId, sql`m.account_id = ${account.id}::uuid`)
    : null;
  const onAccount = !method && fitsCreditLimit(account, currency, await openOnAccount(tx, account), demand.totalMinor);
  const draft = {
    accountId: account.id,
    customerId: order.buyerId,
    organizationId: order.organizationId,
    partnerOrganizationId: order.partnerOrganizationId,
    orderId,
    orderNumber: order.number,
    currency,
    ...demand,
  };
  const id = await insertDraft(tx, draft, lines);
  await postTransaction(tx, invoiceFinalized({ id, currency, ...demand }));
  if (method && demand.totalMinor > 0n)
    await insertPayment(
      tx,
      { id, currency },
      {
        state: 'PROCESSING',
        accountId: account.id,
        amountMinor: demand.totalMinor,
        methodType: method.type,
        methodId: method.id,
        provider: method.provider,
      },
    );
  const issuedOn = tx.now.toISOString().slice(0, 10);
  const invoice = await finalizeInvoice(tx, id, {
    issuedOn,
    termDays: account.paymentTermDays,
    billTo: order.billTo,
  });
  tx.publish(invoiceFinalizedEvent(invoice, onAccount));
  // Nothing to pay, as with a discount of everything.
  if (invoice.status === InvoiceStatus.paid) tx.publish(invoicePaidEvent(invoice, tx.now));
}
