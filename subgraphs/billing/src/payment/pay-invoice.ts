import type { Sql } from 'sql-template-tag';

import { forbidden, inputError, invalidInput, notFoundError, refuse, stateError } from '@tributary/kit';
import type { Kept, Money, Principal, WriteTransaction } from '@tributary/kit';

import { findAccount, lockAvailableMinor } from '../account/account-writes.repository.ts';
import type { AccountOwner } from '../account/account-writes.repository.ts';
import { paymentEvent } from '../events.ts';
import { changeInvoice, lockVisibleInvoice } from '../invoice/invoice-writes.repository.ts';
import { InvoiceStatus, NEXT_STATUS, openMinorOf } from '../invoice/invoice.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { paysFor } from '../invoice/invoice.visibility.ts';
import { postTransaction } from '../ledger/ledger.repository.ts';
import { balanceUsed } from '../ledger/postings.ts';
import { chooseMethod } from '../payment-method/payment-method.repository.ts';
import { insertPayment, pendingMinorOf } from './payment-writes.repository.ts';
import { BALANCE_PROVIDER } from './payment.ts';
import type { OwnedPayment, Payment } from './payment.ts';
import { announcePaid } from './record-charge-outcome.ts';

export interface PayInvoiceInput {
  /** UUID. */
  invoiceId: string;
  /** Null: all that is due. */
  amount: Money | null;
  /** UUID of a saved method; null: the balance. */
  paymentMethodId: string | null;
}

export interface Payer {
  principal: Principal;
  /** Invoices the payer sees, as predicates on `i`. */
  invoiceArms: readonly Sql[];
  /** Accounts whose methods the payer may use, as a predicate on `a`. */
  ownAccounts: Sql;
}

export interface PaidInvoice {
  invoice: Invoice;
  payment: OwnedPayment;
}

/**
 * Pays an open invoice, in full or in part: from the balance at once, with a saved method by a payment that is sent to the provider later.
 * Throws FORBIDDEN for somebody who sees the invoice but does not pay it.
 */
export async function payInvoice(
  tx: WriteTransaction,
  payer: Payer,
  input: PayInvoiceInput,
): Promise<Kept<PaidInvoice>> {
  const { principal } = payer;
  // An API client disposes of a balance only.
  if (principal.type !== 'user' && input.paymentMethodId !== null) throw forbidden();
  const invoice = await lockVisibleInvoice(tx, input.invoiceId, payer.invoiceArms);
  if (invoice === null) return refuse(notFoundError(['input', 'invoiceId']));
  if (principal.type === 'service' || (principal.type === 'user' && !paysFor(principal, invoice))) throw forbidden();
  const amountMinor = await amountToPay(tx, invoice, input.amount);
  const paid =
    input.paymentMethodId === null
      ? await payFromBalance(tx, balanceOwnerOf(principal, invoice), invoice, amountMinor)
      : await payWithMethod(tx, payer.ownAccounts, invoice, amountMinor, input.paymentMethodId);
  tx.audit({
    action: 'invoicePay',
    object: { type: 'Invoice', id: invoice.id },
    details: { paymentId: paid.payment.id, amountMinor: String(amountMinor), currency: invoice.currency },
  });
  return { result: paid, ids: { invoice: invoice.id, payment: paid.payment.id } };
}

async function amountToPay(tx: WriteTransaction, invoice: Invoice, amount: Money | null): Promise<bigint> {
  if (invoice.status !== InvoiceStatus.open)
    refuse(
      stateError('Only an open invoice can be paid.', invoice.status, NEXT_STATUS[invoice.status], [
        'input',
        'invoiceId',
      ]),
    );
  if (amount && amount.currency !== invoice.currency)
    refuse(inputError('CURRENCY_MISMATCH', `The invoice is in ${invoice.currency}.`, ['input', 'amount', 'currency']));
  if (amount && amount.amountMinor <= 0n)
    refuse(invalidInput('The amount must be above zero.', ['input', 'amount', 'amountMinor']));
  // What is being collected already must not be collected twice.
  const openMinor = openMinorOf(invoice) - (await pendingMinorOf(tx, invoice.id));
  const wanted = amount?.amountMinor ?? openMinor;
  if (wanted > openMinor || openMinor <= 0n)
    refuse(
      inputError('AMOUNT_TOO_LARGE', 'The amount is above what is open and not being collected yet.', [
        'input',
        'amount',
      ]),
    );
  return wanted;
}

/**
 * Whose balance pays. Nobody spends the money of others: who may not dispose of the account that owes, as a partner that placed the order
 * for somebody or the buyer for an organization, uses the own one.
 */
function balanceOwnerOf(principal: Principal, invoice: Invoice): AccountOwner {
  if (principal.type === 'client') return { ownerType: 'ORGANIZATION', ownerId: principal.organizationId };
  const { organizationId, customerId } = invoice;
  if (organizationId !== null && paysFor(principal, { ...invoice, customerId: null }))
    return { ownerType: 'ORGANIZATION', ownerId: organizationId };
  return { ownerType: 'USER', ownerId: customerId! };
}

async function payFromBalance(
  tx: WriteTransaction,
  owner: AccountOwner,
  invoice: Invoice,
  amountMinor: bigint,
): Promise<PaidInvoice> {
  const account = await findAccount(tx, owner);
  const available = account ? await lockAvailableMinor(tx, account.id, invoice.currency) : 0n;
  if (!account || available < amountMinor)
    return refuse(inputError('AMOUNT_TOO_LARGE', 'The balance does not hold as much.', ['input', 'amount']));
  const payment = await insertPayment(tx, invoice, {
    state: 'SUCCEEDED',
    accountId: account.id,
    amountMinor,
    methodType: 'BANK_TRANSFER',
    methodId: null,
    provider: BALANCE_PROVIDER,
  });
  await postTransaction(tx, balanceUsed(payment, account.id));
  const changed = await changeInvoice(tx, invoice, { paidMinor: amountMinor });
  tx.publish(paymentEvent('payment.captured', changed, payment));
  if (changed.status === InvoiceStatus.paid) await announcePaid(tx, changed);
  return paidInvoice(changed, payment);
}

async function payWithMethod(
  tx: WriteTransaction,
  ownAccounts: Sql,
  invoice: Invoice,
  amountMinor: bigint,
  methodId: string,
): Promise<PaidInvoice> {
  const method = await chooseMethod(tx, methodId, ownAccounts);
  if (method === null) return refuse(notFoundError(['input', 'paymentMethodId']));
  const payment = await insertPayment(tx, invoice, {
    state: 'PROCESSING',
    accountId: method.accountId,
    amountMinor,
    methodType: method.type,
    methodId: method.id,
    provider: method.provider,
  });
  return paidInvoice(invoice, payment);
}

const paidInvoice = (invoice: Invoice, payment: Payment): PaidInvoice => {
  const { customerId, organizationId, partnerOrganizationId } = invoice;
  return { invoice, payment: { ...payment, customerId, organizationId, partnerOrganizationId } };
};
