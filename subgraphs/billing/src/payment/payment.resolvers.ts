import { money, notFound, toGlobalId } from '@tributary/kit';

import type { BillingContext } from '../context.ts';
import { referenceResolver } from '../reference-resolver.ts';
import type { OwnedPayment } from './payment.ts';

export const paymentResolvers = {
  Payment: {
    __resolveReference: referenceResolver('Payment', ({ payments }) => payments.byId),
    id: ({ id }: OwnedPayment) => toGlobalId('Payment', id),
    async invoice({ invoiceId }: OwnedPayment, _args: unknown, { invoices }: BillingContext) {
      const invoice = await invoices.byId.load(invoiceId);
      if (invoice === null) throw notFound();
      return invoice;
    },
    amount: ({ amountMinor, currency }: OwnedPayment) => money(amountMinor, currency),
    capturedAmount: ({ capturedMinor, currency }: OwnedPayment) => money(capturedMinor, currency),
    refundedAmount: ({ refundedMinor, currency }: OwnedPayment) => money(refundedMinor, currency),
  },
};
