import { invoiceLineEntity, invoiceLineTaxEntity } from './invoice/invoice-line.entity.ts';
import { invoiceEntity } from './invoice/invoice.entity.ts';
import { paymentEntity } from './payment/payment.entity.ts';

/** Every table whose rows the subgraph reads as they are. */
export const entities = [invoiceEntity, invoiceLineEntity, invoiceLineTaxEntity, paymentEntity];
