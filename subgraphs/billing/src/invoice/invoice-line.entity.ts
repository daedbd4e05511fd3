import { EntitySchema } from '@tributary/kit';

import type { InvoiceLine, InvoiceLineTax } from './invoice-line.ts';

export const invoiceLineEntity = new EntitySchema<InvoiceLine>({
  name: 'InvoiceLine',
  schema: 'billing',
  tableName: 'invoice_lines',
  columns: {
    id: { type: 'uuid', primary: true },
    position: { type: 'integer' },
    description: { type: 'text' },
    quantity: { type: 'integer' },
    unitPriceMinor: { name: 'unit_price_minor', type: 'bigint' },
    discountMinor: { name: 'discount_minor', type: 'bigint', default: 0 },
    totalMinor: { name: 'total_minor', type: 'bigint' },
  },
});

export const invoiceLineTaxEntity = new EntitySchema<InvoiceLineTax>({
  name: 'InvoiceLineTax',
  schema: 'billing',
  tableName: 'invoice_line_taxes',
  columns: {
    invoiceLineId: { name: 'invoice_line_id', type: 'uuid', primary: true },
    position: { type: 'smallint', primary: true },
    title: { type: 'text' },
    rate: { type: 'numeric' },
    jurisdiction: { type: 'char', length: 2 },
    amountMinor: { name: 'amount_minor', type: 'bigint' },
  },
});
