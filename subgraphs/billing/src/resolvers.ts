import { moneyResolvers } from '@tributary/kit';

import { accountResolvers } from './account/account.resolvers.ts';
import { creditNoteResolvers } from './credit-note/credit-note.resolvers.ts';
import { invoiceResolvers } from './invoice/invoice.resolvers.ts';
import { invoiceSubscriptions } from './invoice/invoice.subscriptions.ts';
import { orderResolvers } from './order/order.resolvers.ts';
import { paymentMethodResolvers } from './payment-method/payment-method.resolvers.ts';
import { paymentResolvers } from './payment/payment.resolvers.ts';
import { refundResolvers } from './refund/refund.resolvers.ts';

export const resolvers = {
  ...invoiceResolvers,
  ...paymentResolvers,
  ...paymentMethodResolvers,
  ...refundResolvers,
  ...creditNoteResolvers,
  ...accountResolvers,
  ...orderResolvers,
  Subscription: invoiceSubscriptions,
  Money: moneyResolvers,
};
