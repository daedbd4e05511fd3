import type DataLoader from 'dataloader';
import type { Sql } from 'sql-template-tag';

import { visibleArms } from '@tributary/kit';
import type { RequestContext } from '@tributary/kit';

import { accountPolicy } from './account/account.visibility.ts';
import { createBalanceLoader } from './account/balance.loaders.ts';
import type { BalanceLoader } from './account/balance.loaders.ts';
import { createBalanceRepository } from './account/balance.repository.ts';
import { createInvoiceLineRepository } from './invoice/invoice-line.repository.ts';
import type { InvoiceLineTax } from './invoice/invoice-line.ts';
import type { InvoicePdfLinks } from './invoice/invoice-pdf-links.ts';
import { createInvoiceLineTaxLoader, createInvoiceLoaders } from './invoice/invoice.loaders.ts';
import type { InvoiceLoaders } from './invoice/invoice.loaders.ts';
import { createInvoiceRepository } from './invoice/invoice.repository.ts';
import { invoicePolicy } from './invoice/invoice.visibility.ts';
import { paymentStatusPolicy } from './order/order.visibility.ts';
import { createPaymentLoaders } from './payment/payment.loaders.ts';
import type { PaymentLoaders } from './payment/payment.loaders.ts';
import { createPaymentRepository } from './payment/payment.repository.ts';

/** What resolvers of this subgraph find in their context. Everything in it lives for one request and sees what its caller sees. */
export interface BillingContext extends RequestContext {
  /** The calendar day in UTC, the same for filters and fields of one request. */
  readonly today: string;
  readonly pdfLinks: InvoicePdfLinks;
  /** The caller's invoices, as predicates on `i`; also decides about their lines and payments. */
  readonly invoiceArms: readonly Sql[];
  readonly invoices: InvoiceLoaders;
  readonly lineTaxes: DataLoader<string, InvoiceLineTax[]>;
  readonly payments: PaymentLoaders;
  readonly balances: BalanceLoader;
}

export function createContextExtension(pdfLinks: InvoicePdfLinks): (context: RequestContext) => BillingContext {
  return (context) => {
    const { db, principal } = context;
    const today = context.clock.now().toISOString().slice(0, 10);
    const invoiceArms = visibleArms(context, () => invoicePolicy(principal));
    const orderArms = visibleArms(context, () => paymentStatusPolicy(principal));
    const accountArms = visibleArms(context, () => accountPolicy(principal));
    return {
      ...context,
      today,
      pdfLinks,
      invoiceArms,
      invoices: createInvoiceLoaders(createInvoiceRepository(db, invoiceArms, orderArms)),
      lineTaxes: createInvoiceLineTaxLoader(createInvoiceLineRepository(db, invoiceArms)),
      payments: createPaymentLoaders(createPaymentRepository(db, invoiceArms)),
      balances: createBalanceLoader(createBalanceRepository(db, today, accountArms)),
    };
  };
}
