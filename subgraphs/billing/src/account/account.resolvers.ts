import sql from 'sql-template-tag';

import { money, nestedConnection, toGlobalId, visibleArms } from '@tributary/kit';
import type { IdType } from '@tributary/kit';

import type { BillingContext } from '../context.ts';
import { invoicesBelow } from '../invoice/invoice.list.ts';
import type { InvoiceListArguments } from '../invoice/invoice.list.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { invoicesOfCustomerPolicy, invoicesOfOrganizationPolicy } from '../invoice/invoice.visibility.ts';
import { referencedId, referenceResolver } from '../reference-resolver.ts';
import type { Representation } from '../reference-resolver.ts';
import type { BillingAccount } from './billing-account.ts';

// People and organizations as billing knows them: by their id alone.

export interface OwnerReference {
  id: string;
}

interface BalanceArguments {
  currency?: string | null;
}

// Async, so that one bad representation fails alone and not the whole list.
const ownerReference =
  (type: IdType) =>
  async (representation: Representation): Promise<OwnerReference> => ({ id: referencedId(type, representation) });

export const accountResolvers = {
  BillingAccount: {
    __resolveReference: referenceResolver('BillingAccount', ({ accounts }) => accounts.byId),
    id: ({ id }: BillingAccount) => toGlobalId('BillingAccount', id),
    user: ({ ownerType, ownerId }: BillingAccount) => (ownerType === 'USER' ? { id: ownerId } : null),
    organization: ({ ownerType, ownerId }: BillingAccount) => (ownerType === 'ORGANIZATION' ? { id: ownerId } : null),
    creditLimit: ({ creditLimitMinor, currency }: BillingAccount) => money(creditLimitMinor, currency),
    balances: ({ id }: BillingAccount, _args: unknown, { accounts }: BillingContext) => accounts.balances.load(id),
    paymentMethods: ({ id }: BillingAccount, _args: unknown, { paymentMethods }: BillingContext) =>
      paymentMethods.byAccount.load(id),
  },
  User: {
    __resolveReference: ownerReference('User'),
    id: ({ id }: OwnerReference) => toGlobalId('User', id),
    billingAccount: ({ id }: OwnerReference, _args: unknown, { accounts }: BillingContext) =>
      accounts.byOwner.USER.load(id),
    balance: ({ id }: OwnerReference, { currency }: BalanceArguments, { balances }: BillingContext) =>
      balances.load({ ownerType: 'USER', ownerId: id, currency: currency ?? null }),
    invoices: ({ id }: OwnerReference, args: InvoiceListArguments, context: BillingContext) =>
      nestedConnection<Invoice>(context, 'User.invoices', id, args, () => {
        const arms = visibleArms(context, () => invoicesOfCustomerPolicy(context.principal));
        return invoicesBelow(sql`i.customer_id`, 'User.invoices', args, context.today, arms);
      }),
  },
  Organization: {
    __resolveReference: ownerReference('Organization'),
    id: ({ id }: OwnerReference) => toGlobalId('Organization', id),
    billingAccount: ({ id }: OwnerReference, _args: unknown, { accounts }: BillingContext) =>
      accounts.byOwner.ORGANIZATION.load(id),
    balance: ({ id }: OwnerReference, { currency }: BalanceArguments, { balances }: BillingContext) =>
      balances.load({ ownerType: 'ORGANIZATION', ownerId: id, currency: currency ?? null }),
    invoices: ({ id }: OwnerReference, args: InvoiceListArguments, context: BillingContext) =>
      nestedConnection<Invoice>(context, 'Organization.invoices', id, args, () => {
        const arms = visibleArms(context, () => invoicesOfOrganizationPolicy(context.principal));
        return invoicesBelow(sql`i.organization_id`, 'Organization.invoices', args, context.today, arms);
      }),
  },
};
