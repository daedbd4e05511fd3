import { money, toGlobalId } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { resolveReference } from '../references.ts';
import type { Reference } from '../references.ts';
import type { OrderLine } from './order-line.ts';

export const orderLineResolvers = {
  OrderLine: {
    __resolveReference: (reference: Reference, { orderLines }: OrdersContext) =>
      resolveReference('OrderLine', reference, orderLines.byId),
    id: ({ id }: OrderLine) => toGlobalId('OrderLine', id),
    // Also null while the product cannot be bought: the catalog does not show it to this caller then.
    variant: ({ variantId }: OrderLine, _args: unknown, { variants }: OrdersContext) =>
      variantId && variants.byId.load(variantId),
    unitPrice: ({ unitPriceMinor, currency }: OrderLine) => money(unitPriceMinor, currency),
    discountTotal: ({ discountMinor, currency }: OrderLine) => money(discountMinor, currency),
    taxTotal: ({ taxMinor, currency }: OrderLine) => money(taxMinor, currency),
    async taxLines({ id, currency }: OrderLine, _args: unknown, { orderLines }: OrdersContext) {
      const taxes = await orderLines.taxes.load(id);
      return taxes.map((tax) => ({ ...tax, amount: money(tax.amountMinor, currency) }));
    },
    total: ({ totalMinor, currency }: OrderLine) => money(totalMinor, currency),
  },
};
