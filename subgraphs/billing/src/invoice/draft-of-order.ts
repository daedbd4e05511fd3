import type { OrderPlaced, PlacedLine } from '../events.ts';

// What an invoice demands for an order: its lines as they were placed, and one more for shipping.

export interface DraftLine {
  description: string;
  quantity: number;
  unitPriceMinor: bigint;
  discountMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
  taxes: readonly { title: string; rate: string; jurisdiction: string; amountMinor: bigint }[];
}

export interface DraftDemand {
  subtotalMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
  lines: readonly DraftLine[];
}

/** Throws when the parts do not add up to the total. */
export function draftOfOrder(order: OrderPlaced): DraftDemand {
  const shippingMinor = BigInt(order.shippingMinor);
  const lines = [...order.lines.map(toDraftLine), ...(shippingMinor > 0n ? [shippingLine(shippingMinor)] : [])];
  const totalMinor = BigInt(order.totalMinor);
  const taxMinor = BigInt(order.taxMinor);
  const sum = (part: (line: DraftLine) => bigint) => lines.reduce((total, line) => total + part(line), 0n);
  if (sum((line) => line.totalMinor) !== totalMinor || sum((line) => line.taxMinor) !== taxMinor)
    throw new Error(`The lines of order ${order.number} do not add up to its total.`);
  return { subtotalMinor: totalMinor - taxMinor, taxMinor, totalMinor, lines };
}

const toDraftLine = (line: PlacedLine): DraftLine => ({
  description: line.title,
  quantity: line.quantity,
  unitPriceMinor: BigInt(line.unitPriceMinor),
  discountMinor: BigInt(line.discountMinor),
  taxMinor: BigInt(line.taxMinor),
  totalMinor: BigInt(line.totalMinor),
  taxes: line.taxes.map(({ title, rate, jurisdiction, amountMinor }) => ({
    title,
    rate,
    jurisdiction,
    amountMinor: BigInt(amountMinor),
  })),
});

const shippingLine = (amountMinor: bigint): DraftLine => ({
  description: 'Shipping',
  quantity: 1,
  unitPriceMinor: amountMinor,
  discountMinor: 0n,
  taxMinor: 0n,
  totalMinor: amountMinor,
  taxes: [],
});
