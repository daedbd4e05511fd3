import { DAY } from '@tributary/kit/clock';

import type { AddRow } from '../load/tables.ts';
import { createRandom } from '../random.ts';
import { instant } from '../time.ts';
import { DISCOUNT_CODES } from '../words/texts.ts';

const RUNNING_DAYS = 900;

/** The discount codes of the shop, with the number of orders that stand with them. They run on, so that people can try them. */
export function createDiscountCodes(reference: number): {
  count: (code: string) => void;
  addAll: (add: AddRow) => void;
} {
  const random = createRandom('discount codes');
  const uses = new Map<string, number>();
  return {
    count: (code) => void uses.set(code, (uses.get(code) ?? 0) + 1),
    addAll(add) {
      const since = reference - RUNNING_DAYS * DAY;
      for (const { code, title, percent } of DISCOUNT_CODES)
        add('orders.discount_codes', {
          id: random.uuid(since),
          code,
          title,
          kind: 'PERCENT',
          // Hundredths of a percent.
          value: percent * 100,
          starts_at: instant(since),
          ends_at: null,
          max_uses: null,
          used: uses.get(code) ?? 0,
          created_at: instant(since),
          updated_at: instant(reference - DAY),
        });
    },
  };
}
