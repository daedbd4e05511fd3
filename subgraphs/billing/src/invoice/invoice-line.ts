export interface InvoiceLine {
  id: string;
  position: number;
  description: string;
  quantity: number;
  unitPriceMinor: bigint;
  discountMinor: bigint;
  /** With tax. */
  totalMinor: bigint;
}

/** A line as it is read: with the currency of its invoice. */
export type PricedInvoiceLine = InvoiceLine & { currency: string };

export interface InvoiceLineTax {
  invoiceLineId: string;
  position: number;
  title: string;
  /** Decimal fraction as text, for example `0.19`. */
  rate: string;
  jurisdiction: string;
  amountMinor: bigint;
}
