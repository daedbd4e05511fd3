/** A discount that a buyer gets by entering its code. */
export interface DiscountCode {
  code: string;
  title: string;
  kind: 'PERCENT' | 'FIXED';
  /** PERCENT: hundredths of a percent of the subtotal. FIXED: minor units of `currency`. */
  value: bigint;
  /** Null for percentages, which fit every currency. */
  currency: string | null;
  startsAt: Date;
  endsAt: Date | null;
  maxUses: number | null;
  used: number;
}

export const MAX_DISCOUNT_CODES = 5;

/** Codes are compared in capitals. */
export const normalizeCode = (text: string): string => text.trim().toUpperCase();

/** Whether one more order in this currency may use the code now. */
export function applies(
  { currency, startsAt, endsAt, maxUses, used }: DiscountCode,
  order: { currency: string; now: Date },
): boolean {
  return (
    (currency === null || currency === order.currency) &&
    startsAt <= order.now &&
    (endsAt === null || order.now < endsAt) &&
    (maxUses === null || used < maxUses)
  );
}
