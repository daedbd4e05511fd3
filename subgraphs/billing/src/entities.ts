import { billingAccountEntity } from './account/account.entity.ts';
import { creditNoteEntity } from './credit-note/credit-note.entity.ts';
import { invoiceLineEntity, invoiceLineTaxEntity } from './invoice/invoice-line.entity.ts';
import { invoiceEntity } from './invoice/invoice.entity.ts';
import { paymentMethodEntity } from './payment-method/payment-method.entity.ts';
import { paymentEntity } from './payment/payment.entity.ts';
import { refundEntity } from './refund/refund.entity.ts';

/** Every table whose rows the subgraph reads as they are. */
export const entities = [
  billingAccountEntity,
  paymentMethodEntity,
  invoiceEntity,
  invoiceLineEntity,
  invoiceLineTaxEntity,
  paymentEntity,
  refundEntity,
  creditNoteEntity,
];
