import { moneyResolvers } from '@tributary/kit';

import { accountResolvers } from './account/account.resolvers.ts';
import { invoiceResolvers } from './invoice/invoice.resolvers.ts';
import { orderResolvers } from './order/order.resolvers.ts';
import { paymentResolvers } from './payment/payment.resolvers.ts';

export const resolvers = {
  ...invoiceResolvers,
  ...paymentResolvers,
  ...accountResolvers,
  ...orderResolvers,
  Money: moneyResolvers,
};
