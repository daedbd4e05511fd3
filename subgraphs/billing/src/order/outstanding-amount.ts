import { money } from '@tributary/kit';
import type { Money } from '@tributary/kit';

import { InvoiceStatus, isFinalized } from '../invoice/invoice.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type { OrderTerms } from './order.ts';

/**
 * What is still to pay for an order: nothing once it is canceled or its invoice void, the open amount of the invoice after
 * invoicing, the total of the order before.
 */
export function outstandingAmount(
  { total, canceled }: Pick<OrderTerms, 'total' | 'canceled'>,
  invoice: Pick<Invoice, 'status' | 'dueMinor' | 'currency'> | null,
): Money {
  if (canceled || invoice?.status === InvoiceStatus.void) return money(0n, total.currency);
  if (invoice === null || !isFinalized(invoice)) return total;
  return money(invoice.dueMinor, invoice.currency);
}
