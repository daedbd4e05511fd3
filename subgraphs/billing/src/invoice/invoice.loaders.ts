import DataLoader from 'dataloader';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';

import type { InvoiceLineRepository } from './invoice-line.repository.ts';
import type { InvoiceLineTax } from './invoice-line.ts';
import type { InvoiceRepository, OrderInvoice } from './invoice.repository.ts';
import type { Invoice } from './invoice.ts';

export interface InvoiceLoaders {
  byId: DataLoader<string, Invoice | null>;
  byNumber: DataLoader<string, Invoice | null>;
  /** All invoices of an order that tell the caller something about it, void ones too, newest first. */
  byOrder: DataLoader<string, OrderInvoice[]>;
}

export function createInvoiceLoaders(invoices: InvoiceRepository): InvoiceLoaders {
  const byId = new DataLoader<string, Invoice | null>(async (ids) =>
    inKeyOrder(ids, await invoices.findByIds(ids), ({ id }) => id),
  );
  return {
    byId,
    byNumber: new DataLoader(async (numbers) =>
      inKeyOrder(numbers, await invoices.findByNumbers(numbers), ({ number }) => number),
    ),
    byOrder: new DataLoader(async (orderIds) => {
      const found = await invoices.findByOrders(orderIds);
      for (const invoice of found) if (invoice.readable) byId.prime(invoice.id, invoice);
      return groupedInKeyOrder(orderIds, found, ({ orderId }) => orderId);
    }),
  };
}

/** Taxes by line. */
export function createInvoiceLineTaxLoader(lines: InvoiceLineRepository): DataLoader<string, InvoiceLineTax[]> {
  return new DataLoader(async (lineIds) =>
    groupedInKeyOrder(lineIds, await lines.findTaxes(lineIds), ({ invoiceLineId }) => invoiceLineId),
  );
}
