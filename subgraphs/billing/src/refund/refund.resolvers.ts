import { money, notFound, toGlobalId } from '@tributary/kit';

import type { BillingContext } from '../context.ts';
import { referenceResolver } from '../reference-resolver.ts';
import type { OwnedRefund } from './refund.repository.ts';

const stub = (id: string | null) => (id === null ? null : { id });

export const refundResolvers = {
  Refund: {
    __resolveReference: referenceResolver('Refund', ({ refunds }) => refunds.byId),
    id: ({ id }: OwnedRefund) => toGlobalId('Refund', id),
    async payment({ paymentId }: OwnedRefund, _args: unknown, { payments }: BillingContext) {
      const payment = await payments.byId.load(paymentId);
      if (payment === null) throw notFound();
      return payment;
    },
    amount: ({ amountMinor, currency }: OwnedRefund) => money(amountMinor, currency),
    requestedBy: ({ requestedBy }: OwnedRefund) => stub(requestedBy),
    approvedBy: ({ approvedBy }: OwnedRefund) => stub(approvedBy),
  },
};
