import {
  asContract,
  fields,
  hasRole,
  hiddenUnless,
  nobody,
  organizationsWhere,
  required,
  VALUE_TYPE,
} from '@tributary/kit';
import type { Permissions } from '@tributary/kit';

import type { OwnerReference } from './account/account.resolvers.ts';
import { seesAccountOf } from './account/account.visibility.ts';
import type { AccountOwnerType } from './account/account.ts';
import { ownerOf } from './account/billing-account.ts';
import type { BillingAccount } from './account/billing-account.ts';
import type { BillingContext } from './context.ts';
import type { Owners } from './invoice/invoice.ts';
import { paysFor, seesEveryInvoice, seesInvoiceOf } from './invoice/invoice.visibility.ts';
import type { OrderReference } from './order/order.ts';
import { seesOutstandingAmount } from './order/order.visibility.ts';
import { seesMethodsOf, usesMethodsOf } from './payment-method/payment-method.visibility.ts';
import type { OwnedPaymentMethod } from './payment-method/payment-method.ts';
import type { OwnedPayment } from './payment/payment.ts';

// One rule for every field. The scopes that the contract itself demands are added by the kit. Rules on invoices, payments and
// balances repeat what the row predicates say, so that neither is the only wall.

const seesInvoice = required('sees the invoice', ({ principal }: BillingContext, owners: Owners) =>
  seesInvoiceOf(principal, owners),
);
const seesFailure = hiddenUnless(
  'the payer, support, finance or a service',
  ({ principal }: BillingContext, payment: OwnedPayment) => seesEveryInvoice(principal) || paysFor(principal, payment),
);
const isPayer = hiddenUnless('the payer', ({ principal }: BillingContext, payment: OwnedPayment) =>
  paysFor(principal, payment),
);
const seesInvoicesOfOrder = hiddenUnless(
  'sees an invoice of the order',
  async ({ principal, invoices }: BillingContext, { id }: OrderReference) =>
    seesEveryInvoice(principal) ||
    (await invoices.byOrder.load(id)).some((invoice) => seesInvoiceOf(principal, invoice)),
);
const seesOutstanding = hiddenUnless(
  'sees what is to pay for the order',
  ({ principal }: BillingContext, { terms }: OrderReference) => !!terms && seesOutstandingAmount(principal, terms),
);
const seesAccount = (ownerType: AccountOwnerType) =>
  hiddenUnless('sees the account of the owner', ({ principal }: BillingContext, { id }: OwnerReference) =>
    seesAccountOf(principal, ownerType, id),
  );

const seesAccountOfInvoice = hiddenUnless(
  'sees the account that owes',
  ({ principal }: BillingContext, owners: Owners) => {
    const { ownerType, ownerId } = ownerOf({ buyerId: owners.customerId, organizationId: owners.organizationId });
    return seesAccountOf(principal, ownerType, ownerId);
  },
);
const seesThisAccount = required(
  'sees the account',
  ({ principal }: BillingContext, { ownerType, ownerId }: BillingAccount) =>
    seesAccountOf(principal, ownerType, ownerId),
);
const seesCreditLimit = hiddenUnless(
  'an owner of the organization, or finance',
  ({ principal }: BillingContext, { ownerType, ownerId }: BillingAccount) =>
    hasRole(principal, 'FINANCE') ||
    (ownerType === 'ORGANIZATION' && organizationsWhere(principal, 'OWNER').includes(ownerId)),
);
const seesMethodsOfAccount = hiddenUnless(
  'sees the saved payment methods',
  ({ principal }: BillingContext, account: BillingAccount) => seesMethodsOf(principal, account),
);
const seesMethod = required('sees the payment method', ({ principal }: BillingContext, method: OwnedPaymentMethod) =>
  seesMethodsOf(principal, method),
);
const usesMethod = hiddenUnless('pays with the method', ({ principal }: BillingContext, method: OwnedPaymentMethod) =>
  usesMethodsOf(principal, method),
);
const seesMethodOfPayment = hiddenUnless(
  'the payer or finance',
  ({ principal }: BillingContext, payment: OwnedPayment) =>
    hasRole(principal, 'FINANCE') || paysFor(principal, payment),
);

export const permissions: Permissions = {
  Query: fields(asContract, ['invoice', 'invoices']),
  // Who pays what is decided on the invoice, in its transaction.
  Mutation: fields(asContract, ['invoicePay']),
  // Which invoices they may follow is decided on the row; see invoice.subscriptions.ts.
  Subscription: fields(asContract, ['invoiceUpdated']),

  BillingAccount: {
    ...fields(seesThisAccount, ['id', 'user', 'organization', 'currency', 'paymentTermDays', 'balances', 'version']),
    creditLimit: seesCreditLimit,
    paymentMethods: seesMethodsOfAccount,
  },
  PaymentMethod: {
    // Finance tells methods apart by their last digits.
    ...fields(seesMethod, ['id', 'type', 'last4', 'isDefault']),
    ...fields(usesMethod, ['brand', 'expiryMonth', 'expiryYear']),
  },

  Invoice: {
    ...fields(seesInvoice, [
      'id',
      'number',
      'status',
      'customer',
      'organization',
      'order',
      'billTo',
      'currency',
      'lines',
      'subtotal',
      'taxTotal',
      'total',
      'amountPaid',
      'amountCredited',
      'amountDue',
      'payments',
      'refunds',
      'creditNotes',
      'issuedOn',
      'dueOn',
      'overdue',
      'reminderCount',
      'pdfUrl',
      'createdAt',
      'updatedAt',
      'version',
    ]),
    account: seesAccountOfInvoice,
    closeReason: asContract,
  },

  Payment: {
    ...fields(seesInvoice, [
      'id',
      'state',
      'invoice',
      'amount',
      'capturedAmount',
      'refundedAmount',
      'methodType',
      'createdAt',
      'capturedAt',
      'version',
    ]),
    method: seesMethodOfPayment,
    nextActionUrl: isPayer,
    failureCode: seesFailure,
    providerReference: asContract,
  },
  Refund: {
    ...fields(seesInvoice, ['id', 'status', 'payment', 'amount', 'destination', 'reason', 'createdAt', 'version']),
    ...fields(asContract, ['requestedBy', 'approvedBy']),
  },
  CreditNote: fields(seesInvoice, ['id', 'number', 'invoice', 'total', 'reason', 'issuedAt']),

  User: { id: asContract, ...fields(seesAccount('USER'), ['billingAccount', 'balance', 'invoices']) },
  Organization: { id: asContract, ...fields(seesAccount('ORGANIZATION'), ['billingAccount', 'balance', 'invoices']) },
  Order: {
    // Who may not see the order learns nothing from its status: it is the same as for an order without an invoice.
    ...fields(asContract, ['id', 'number', 'paymentStatus']),
    ...fields(seesInvoicesOfOrder, ['invoice', 'payments']),
    outstandingAmount: seesOutstanding,
    // Of orders; here they are only inputs of `outstandingAmount`.
    ...fields(nobody, ['total', 'canceledAt', 'buyerId', 'organizationId', 'partnerOrganizationId']),
  },

  // Reached only through an object whose rules have let the caller pass.
  InvoiceUpdated: VALUE_TYPE,
  InvoicePayPayload: VALUE_TYPE,
  InputError: VALUE_TYPE,
  StateError: VALUE_TYPE,
  VersionConflictError: VALUE_TYPE,
  InvoiceLine: VALUE_TYPE,
  TaxLine: VALUE_TYPE,
  AccountBalance: VALUE_TYPE,
  PostalAddress: VALUE_TYPE,
  Money: VALUE_TYPE,
  PageInfo: VALUE_TYPE,
  InvoiceConnection: VALUE_TYPE,
  InvoiceEdge: VALUE_TYPE,
  InvoiceLineConnection: VALUE_TYPE,
  InvoiceLineEdge: VALUE_TYPE,
};
