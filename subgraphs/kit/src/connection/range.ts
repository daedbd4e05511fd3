import type { SortDirection } from './keyset.ts';
import type { PageArguments } from './page.ts';

/** Half-open; either end may be missing. */
export interface Range<Bound> {
  from?: Bound | null;
  to?: Bound | null;
}

/**
 * Whether a page of a list by one time begins outside a period of another time. Times of a row lie close together, so the rows of
 * the period do, too: a page from the newest end begins among them when the period is not over, a page from the oldest end hardly
 * ever does. A range with one end may hold nearly every row, and is no period.
 */
export function beginsOutsidePeriod<Bound extends Date | string>(
  range: Range<Bound> | null | undefined,
  direction: SortDirection,
  { last }: PageArguments,
  now: Bound,
): boolean {
  if (!isGiven(range?.from) || !isGiven(range.to)) return false;
  const fromNewest = (direction === 'DESC') !== isGiven(last);
  return !fromNewest || range.to <= now;
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
