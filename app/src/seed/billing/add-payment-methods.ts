import { encryptToken } from '@tributary/billing/payment-method/stored-token';
import { DAY, MINUTE } from '@tributary/kit/clock';
import type { FieldCipher } from '@tributary/kit/field-encryption';

import type { AddRow } from '../load/tables.ts';
import type { Account, People } from '../people/company-state.ts';
import { createRandom } from '../random.ts';
import { instant } from '../time.ts';

// What people saved to pay with. The tokens are those of the development provider: cards are charged without a word from anybody, a direct
// debit takes a moment.

const CARDS = ['visa', 'visa', 'mastercard'] as const;

// What else the persona `customer` can choose, to see payments that do not go by themselves. Brand and digits are all that one gets to read
// of a card: the brand says what happens, and the digits are those that test cards of the kind often have.
const TEST_CARDS = [
  { token: 'tok_chargeDeclined', brand: 'visa (declined)', last4: '0002' },
  { token: 'tok_threeDSecure', brand: 'visa (asks for 3-D Secure)', last4: '3220' },
] as const;

/**
 * Everybody who does not pay by transfer has saved a method, and so has the organization of the persona `buyer`. The persona `customer`
 * has saved test cards as well.
 */
export function addPaymentMethods(
  { accounts, customer }: Pick<People, 'accounts' | 'customer'>,
  cipher: FieldCipher,
  reference: number,
  add: AddRow,
): void {
  addDefaultMethods(accounts, cipher, reference, add);
  addTestCards(customer.account, cipher, reference, add);
}

function addDefaultMethods(accounts: readonly Account[], cipher: FieldCipher, reference: number, add: AddRow): void {
  const random = createRandom('payment methods');
  for (const { id, method, createdAt } of accounts) {
    if (method === 'BANK_TRANSFER') continue;
    const isCard = method === 'CARD';
    const savedAt = createdAt + random.integer(1, 60) * MINUTE;
    const time = instant(savedAt);
    const methodId = random.uuid(savedAt);
    add('billing.payment_methods', {
      id: methodId,
      account_id: id,
      type: method,
      provider: 'devpay',
      provider_token_enc: encryptToken(cipher, methodId, isCard ? 'tok_visa' : 'tok_async'),
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

function addTestCards({ id: account, createdAt }: Account, cipher: FieldCipher, reference: number, add: AddRow): void {
  const random = createRandom('test cards');
  TEST_CARDS.forEach(({ token, ...card }, index) => {
    const savedAt = createdAt + DAY + index * MINUTE; // after the default, since lists begin with what was saved first
    const time = instant(savedAt);
    const id = random.uuid(savedAt);
    add('billing.payment_methods', {
      id,
      account_id: account,
      type: 'CARD',
      provider: 'devpay',
      provider_token_enc: encryptToken(cipher, id, token),
      ...card,
      expiry_month: 12,
      expiry_year: new Date(reference + 365 * DAY).getUTCFullYear() + 3,
      is_default: false,
      created_at: time,
      updated_at: time,
    });
  });
}
