import type DataLoader from 'dataloader';
import type { Sql } from 'sql-template-tag';

import { visibleArms } from '@tributary/kit';
import type { RequestContext } from '@tributary/kit';

import { createAccountLoaders } from './account/account.loaders.ts';
import type { AccountLoaders } from './account/account.loaders.ts';
import { createAccountRepository } from './account/account.repository.ts';
import { accountPolicy } from './account/account.visibility.ts';
import { createBalanceLoader } from './account/balance.loaders.ts';
import type { BalanceLoader } from './account/balance.loaders.ts';
import { createBalanceRepository } from './account/balance.repository.ts';
import { createCreditNoteLoaders } from './credit-note/credit-note.loaders.ts';
import type { CreditNoteLoaders } from './credit-note/credit-note.loaders.ts';
import { createCreditNoteRepository } from './credit-note/credit-note.repository.ts';
import { createInvoiceLineRepository } from './invoice/invoice-line.repository.ts';
import type { InvoiceLineTax } from './invoice/invoice-line.ts';
import type { InvoicePdfLinks } from './invoice/invoice-pdf-links.ts';
import { createInvoiceLineTaxLoader, createInvoiceLoaders } from './invoice/invoice.loaders.ts';
import type { InvoiceLoaders } from './invoice/invoice.loaders.ts';
import { createInvoiceRepository } from './invoice/invoice.repository.ts';
import { invoicePolicy } from './invoice/invoice.visibility.ts';
import { paymentStatusPolicy } from './order/order.visibility.ts';
import { createPaymentMethodLoaders } from './payment-method/payment-method.loaders.ts';
import type { PaymentMethodLoaders } from './payment-method/payment-method.loaders.ts';
import { createPaymentMethodRepository } from './payment-method/payment-method.repository.ts';
import { methodPolicy } from './payment-method/payment-method.visibility.ts';
import { createPaymentLoaders } from './payment/payment.loaders.ts';
import type { PaymentLoaders } from './payment/payment.loaders.ts';
import { createPaymentRepository } from './payment/payment.repository.ts';
import { createRefundLoaders } from './refund/refund.loaders.ts';
import type { RefundLoaders } from './refund/refund.loaders.ts';
import { createRefundRepository } from './refund/refund.repository.ts';

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
  readonly refunds: RefundLoaders;
  readonly creditNotes: CreditNoteLoaders;
  readonly accounts: AccountLoaders;
  readonly balances: BalanceLoader;
  readonly paymentMethods: PaymentMethodLoaders;
}

export function createContextExtension(pdfLinks: InvoicePdfLinks): (context: RequestContext) => BillingContext {
  return (context) => {
    const { db, principal } = context;
    const today = context.clock.now().toISOString().slice(0, 10);
    const invoiceArms = visibleArms(context, () => invoicePolicy(principal));
    const orderArms = visibleArms(context, () => paymentStatusPolicy(principal));
    const accountArms = visibleArms(context, () => accountPolicy(principal));
    const methodArms = visibleArms(context, () => methodPolicy(principal));
    const balances = createBalanceRepository(db, today, accountArms);
    return {
      ...context,
      today,
      pdfLinks,
      invoiceArms,
      invoices: createInvoiceLoaders(createInvoiceRepository(db, invoiceArms, orderArms)),
      lineTaxes: createInvoiceLineTaxLoader(createInvoiceLineRepository(db, invoiceArms)),
      payments: createPaymentLoaders(createPaymentRepository(db, invoiceArms)),
      refunds: createRefundLoaders(createRefundRepository(db, invoiceArms)),
      creditNotes: createCreditNoteLoaders(createCreditNoteRepository(db, invoiceArms)),
      accounts: createAccountLoaders(createAccountRepository(db, accountArms), balances),
      balances: createBalanceLoader(balances),
      paymentMethods: createPaymentMethodLoaders(createPaymentMethodRepository(db, methodArms)),
    };
  };
}
