/** A document that lowers a finalized invoice. */
export interface CreditNote {
  id: string;
  number: string;
  invoiceId: string;
  currency: string;
  totalMinor: bigint;
  reason: string;
  issuedAt: Date;
}
