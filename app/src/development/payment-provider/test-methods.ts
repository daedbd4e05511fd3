// What the development provider does with each of the tokens it knows. The table in the README is for people; a test compares both.

/** How a charge or refund ends; a text is the code of its failure. */
export type Ending = 'done' | { failureCode: string };

export interface TestMethod {
  /** How a charge begins. */
  charge: 'done' | 'authorized' | 'requiresAction' | 'processing' | { failureCode: string };
  /** How a charge ends that begins with `processing`. */
  chargeEnding?: Ending;
  refund: 'done' | 'processing' | { failureCode: string };
  /** How a refund ends that begins with `processing`. */
  refundEnding?: Ending;
  /** What the caller gets to hear the first time, although everything was done. */
  answer?: 'never' | 'serverError';
}

const goodCard: TestMethod = { charge: 'done', refund: 'done' };
const declined = (failureCode: string): TestMethod => ({ ...goodCard, charge: { failureCode } });

export const testMethods: Readonly<Partial<Record<string, TestMethod>>> = {
  tok_visa: goodCard,
  tok_authorizeOnly: { ...goodCard, charge: 'authorized' },
  tok_chargeDeclined: declined('card_declined'),
  tok_insufficientFunds: declined('insufficient_funds'),
  tok_expiredCard: declined('expired_card'),
  tok_threeDSecure: { ...goodCard, charge: 'requiresAction' },
  tok_async: { ...goodCard, charge: 'processing', chargeEnding: 'done' },
  tok_asyncDeclined: { ...goodCard, charge: 'processing', chargeEnding: { failureCode: 'account_closed' } },
  tok_timeout: { ...goodCard, answer: 'never' },
  tok_serverError: { ...goodCard, answer: 'serverError' },
  tok_asyncRefund: { ...goodCard, refund: 'processing', refundEnding: 'done' },
  tok_refundDeclined: { ...goodCard, refund: { failureCode: 'refund_declined' } },
  tok_asyncRefundDeclined: { ...goodCard, refund: 'processing', refundEnding: { failureCode: 'refund_declined' } },
};

/** Of a charge that was made with it. Charges that came with the demo company know no token and behave like a good card's. */
export const methodOf = (token: string): TestMethod => findTestMethod(token) ?? goodCard;

export const findTestMethod = (token: string): TestMethod | undefined =>
  Object.hasOwn(testMethods, token) ? testMethods[token] : undefined;
