import { nestedConnection, toGlobalId, visibleArms } from '@tributary/kit';
import sql from 'sql-template-tag';

import type { BillingContext } from '../context.ts';
import { invoicesBelow } from '../invoice/invoice.list.ts';
import type { InvoiceListArguments } from '../invoice/invoice.list.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { invoicesOfCustomerPolicy, invoicesOfOrganizationPolicy } from '../invoice/invoice.visibility.ts';
import { referencedId } from '../reference-resolver.ts';
import type { Representation } from '../reference-resolver.ts';

// People and organizations as billing knows them: by their id alone.

export interface OwnerReference {
  id: string;
}

interface BalanceArguments {
  currency?: string | null;
}

export const accountResolvers = {
  User: {
    __resolveReference: (representation: Representation): OwnerReference => ({
      id: referencedId('User', representation),
    }),
    id: ({ id }: OwnerReference) => toGlobalId('User', id),
    balance: ({ id }: OwnerReference, { currency }: BalanceArguments, { balances }: BillingContext) =>
      balances.load({ ownerType: 'USER', ownerId: id, currency: currency ?? null }),
    invoices: ({ id }: OwnerReference, args: InvoiceListArguments, context: BillingContext) =>
      nestedConnection<Invoice>(context, 'User.invoices', id, args, () => {
        const arms = visibleArms(context, () => invoicesOfCustomerPolicy(context.principal));
        return invoicesBelow(sql`i.customer_id`, 'User.invoices', args, context.today, arms);
      }),
  },
  Organization: {
    __resolveReference: (representation: Representation): OwnerReference => ({
      id: referencedId('Organization', representation),
    }),
    id: ({ id }: OwnerReference) => toGlobalId('Organization', id),
    balance: ({ id }: OwnerReference, { currency }: BalanceArguments, { balances }: BillingContext) =>
      balances.load({ ownerType: 'ORGANIZATION', ownerId: id, currency: currency ?? null }),
    invoices: ({ id }: OwnerReference, args: InvoiceListArguments, context: BillingContext) =>
      nestedConnection<Invoice>(context, 'Organization.invoices', id, args, () => {
        const arms = visibleArms(context, () => invoicesOfOrganizationPolicy(context.principal));
        return invoicesBelow(sql`i.organization_id`, 'Organization.invoices', args, context.today, arms);
      }),
  },
};
