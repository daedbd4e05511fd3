// Sentences of people and of the system. None of them holds personal data.

export const SUPPORT_NOTES: readonly string[] = [
  'Prefers to be called in the afternoon.',
  'Had two late deliveries in spring; was given a credit. Handle with care.',
  'Asks for invoices as paper copies, please remind the warehouse.',
  'Deaf: write, do not call.',
  'Moved house last year; double-check the shipping address.',
  'Loyal since the first week. Send a small gift with big orders.',
  'Wrote about a missing screw in a lamp; replacement part was sent.',
];

export const CUSTOMER_NOTES: readonly string[] = [
  'Please ring twice, the bell is quiet.',
  'Leave the parcel with the neighbors on the ground floor.',
  'It is a present: no prices in the parcel, please.',
  'Delivery only after 4 pm.',
  'Please use as little plastic as possible. Thank you!',
  'Gate code 4711, then second entrance.',
];

export const INTERNAL_NOTES: readonly string[] = [
  'Called about the delivery date; told them Thursday.',
  'Address checked by phone.',
  'Upgrade to express at our cost, the first parcel was damaged.',
  'Buyer asked for a split delivery.',
  'Risk check passed after a call with the bank.',
];

export const RETURN_REASONS: readonly string[] = [
  'The color is different from the picture.',
  'Too small.',
  'Arrived damaged.',
  'Ordered twice by mistake.',
  'Does not fit the room after all.',
  'Wrong article in the parcel.',
];

export const VOID_REASONS = {
  CUSTOMER: 'The buyer canceled the order before payment.',
  FRAUD: 'The order was canceled after the risk check.',
  INVENTORY: 'The goods were out of stock; the order was canceled.',
  PAYMENT: 'No payment arrived in time; the order was canceled.',
  OTHER: 'The order was canceled at the request of the support desk.',
  reissued: 'Issued with a wrong billing address; replaced by a new invoice.',
} as const;

export const WRITE_OFF_REASONS: readonly string[] = [
  'Debtor is insolvent; the claim was filed with the administrator.',
  'Three reminders without an answer; collection given up as uneconomical.',
  'Debtor cannot be found at any known address.',
];

export const FAILURE_CODES = {
  CARD: ['card_declined', 'insufficient_funds', 'expired_card'],
  DIRECT_DEBIT: ['mandate_revoked', 'account_closed'],
} as const;

export const DISCOUNT_CODES = [
  { code: 'WELCOME10', title: 'Welcome to the shop', percent: 10 },
  { code: 'SPRING15', title: 'Spring cleaning', percent: 15 },
  { code: 'FRIENDS20', title: 'Friends and family', percent: 20 },
  { code: 'THANKYOU5', title: 'A small thank-you', percent: 5 },
] as const;
