import { toGlobalId } from '@tributary/kit';

import { referenceResolver } from '../reference-resolver.ts';
import type { OwnedPaymentMethod } from './payment-method.ts';

export const paymentMethodResolvers = {
  PaymentMethod: {
    __resolveReference: referenceResolver('PaymentMethod', ({ paymentMethods }) => paymentMethods.byId),
    id: ({ id }: OwnedPaymentMethod) => toGlobalId('PaymentMethod', id),
  },
};
