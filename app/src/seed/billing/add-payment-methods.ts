import { DAY } from '@tributary/kit/clock';

import type { AddRow } from '../load/tables.ts';
import type { Account } from '../people/company-state.ts';
import { createRandom } from '../random.ts';
import { instant } from '../time.ts';

// What people saved to pay with. The tokens are those of the development provider: cards are charged without a word from anybody, a direct
// debit takes a moment.

const CARDS = ['visa', 'visa', 'mastercard'] as const;

/** Everybody who does not pay by transfer has saved a method, and so has the organization of the persona `buyer`. */
export function addPaymentMethods(accounts: readonly Account[], reference: number, add: AddRow): void {
  const random = createRandom('payment methods');
  for (const { id, method, createdAt } of accounts) {
    if (method === 'BANK_TRANSFER') continue;
    const isCard = method === 'CARD';
    const savedAt = createdAt + random.integer(1, 60) * 60_000;
    const time = instant(savedAt);
    add('billing.payment_methods', {
      id: random.uuid(savedAt),
      account_id: id,
      type: method,
      provider: 'devpay',
      provider_token: isCard ? 'tok_visa' : 'tok_async',
      brand: isCard ? random.pick(CARDS) : 'SEPA',
      last4: String(random.integer(0, 9_999)).padStart(4, '0'),
      expiry_month: isCard ? random.integer(1, 12) : null,
      expiry_year: isCard ? new Date(reference + 365 * DAY).getUTCFullYear() + random.integer(0, 3) : null,
      is_default: true,
      created_at: time,
      updated_at: time,
    });
  }
}
