import { DAY } from '@tributary/kit/clock';

import type { AddRow } from '../load/tables.ts';
import type { Account, Organization } from '../people/company-state.ts';
import type { Random } from '../random.ts';
import { instant } from '../time.ts';

// Everybody can buy on account for this much more than what is open: about 20,000 euros in any currency.
const FREE_CREDIT_MINOR: Readonly<Record<string, bigint>> = { JPY: 3_000_000n };
const DEFAULT_FREE_CREDIT_MINOR = 2_000_000n;

/** Writes the billing accounts with their balances, once all orders are known. */
export function addAccounts(accounts: readonly Account[], add: AddRow): void {
  for (const account of accounts) {
    const { id, ownerType, ownerId, currency, termDays, createdAt, updatedAt, openMinor, availableMinor } = account;
    const free = FREE_CREDIT_MINOR[currency] ?? DEFAULT_FREE_CREDIT_MINOR;
    add('billing.billing_accounts', {
      id,
      owner_type: ownerType,
      owner_id: ownerId,
      currency,
      payment_term_days: termDays,
      credit_limit_minor: ownerType === 'ORGANIZATION' ? openMinor - (openMinor % 100_000n) + free : 0n,
      created_at: instant(createdAt),
      updated_at: instant(createdAt),
      version: 1,
    });
    if (availableMinor > 0n)
      add('billing.account_balances', {
        account_id: id,
        currency,
        available_minor: availableMinor,
        created_at: instant(createdAt),
        updated_at: instant(updatedAt),
      });
  }
}

/** From where the numbers of documents go on. */
export function addNumberSeries(add: AddRow, reference: number, series: Readonly<Record<string, number>>): void {
  const time = instant(reference);
  for (const [name, next] of Object.entries(series))
    add('billing.number_series', { series: name, next, created_at: time, updated_at: time });
}

/** A few invoices that finance still works on: no number, no order, no posting. */
export function addDraftInvoices(
  random: Random,
  organizations: readonly Organization[],
  reference: number,
  add: AddRow,
): void {
  for (const { id: organizationId, account } of organizations.slice(0, 6)) {
    const createdAt = reference - random.integer(1, 20) * DAY + random.integer(0, DAY / 2);
    const id = random.uuid(createdAt);
    const time = instant(createdAt);
    const amountMinor = BigInt(random.integer(4, 30)) * 10_000n;
    add('billing.invoices', {
      id,
      number: null,
      account_id: account.id,
      customer_id: null,
      organization_id: organizationId,
      partner_organization_id: null,
      order_id: null,
      order_number: null,
      status: 'DRAFT',
      currency: account.currency,
      subtotal_minor: amountMinor,
      tax_minor: 0n,
      total_minor: amountMinor,
      paid_minor: 0n,
      credited_minor: 0n,
      authorized_minor: 0n,
      refunded_minor: 0n,
      issued_on: null,
      due_on: null,
      reminder_count: 0,
      bill_to: null,
      close_reason: null,
      created_at: time,
      updated_at: time,
      version: 1,
    });
    add('billing.invoice_lines', {
      id: random.uuid(createdAt),
      invoice_id: id,
      position: 1,
      description: 'Furnishing plan, one floor',
      quantity: 1,
      unit_price_minor: amountMinor,
      discount_minor: 0n,
      tax_minor: 0n,
      total_minor: amountMinor,
      created_at: time,
      updated_at: time,
    });
  }
}
