// Who may read what: the reference that the permission rules and the row predicates are tested against. One row per group of fields
// with the same readers. Callers are named by their relation to the objects of the test world (`test/kit/fixture.ts`), where the
// order was bought by `buyer` for an organization, through a partner's client, and the person asked about is `viewer`.

export const CALLERS = [
  'anonymous',
  'buyer',
  'organizationOwner',
  'billingManager',
  'organizationBuyer',
  'viewer',
  'stranger',
  'support',
  'finance',
  'admin',
  'partner',
  'otherPartner',
  'organizationClient',
  'service',
] as const;
export type Caller = (typeof CALLERS)[number];

export interface MatrixRow {
  fields: readonly string[];
  readers: readonly Caller[];
  /** What somebody gets who may see the object but not the field: an error, or a silent null. */
  denied: 'FORBIDDEN' | 'null';
}

const everyone = CALLERS;
const signedIn = CALLERS.filter((caller) => caller !== 'anonymous');
const staff = ['support', 'finance', 'admin'] as const;
const members = ['organizationOwner', 'billingManager', 'organizationBuyer', 'viewer'] as const;
const buyersAndAbove = ['organizationOwner', 'billingManager', 'organizationBuyer'] as const;
const billingManagersAndAbove = ['organizationOwner', 'billingManager'] as const;
const ownClients = ['partner', 'organizationClient'] as const;

const orderReaders = ['buyer', ...members, ...staff, ...ownClients, 'service'] as const;
const invoiceReaders = ['buyer', ...billingManagersAndAbove, 'support', 'finance', ...ownClients, 'service'] as const;
const accountReaders = [...billingManagersAndAbove, 'support', 'finance', 'organizationClient', 'service'] as const;
const organizationReaders = [...members, ...staff, 'organizationClient', 'service'] as const;
const membershipReaders = [...members, ...staff] as const;
const apiClientReaders = ['organizationOwner', 'admin', 'organizationClient'] as const;

const on = (type: string, names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${type}.${name}`);

export const ACCESS_MATRIX: readonly MatrixRow[] = [
  {
    fields: [
      ...on('Query', 'product products'),
      ...on('Product', 'id slug title description active variants updatedAt version'),
      ...on('ProductVariant', 'id sku title product price availableQuantity'),
    ],
    readers: everyone,
    denied: 'FORBIDDEN',
  },
  {
    fields: on('Query', 'me viewer user organization node nodes order orders'),
    readers: signedIn,
    denied: 'FORBIDDEN',
  },
  {
    fields: on('Query', 'invoice invoices'),
    readers: signedIn.filter((caller) => caller !== 'admin'),
    denied: 'FORBIDDEN',
  },

  { fields: on('User', 'id displayName name status'), readers: signedIn, denied: 'FORBIDDEN' },
  {
    fields: on('User', 'locale createdAt updatedAt version'),
    readers: [...members, ...staff, 'service'],
    denied: 'FORBIDDEN',
  },
  { fields: on('User', 'memberships'), readers: [...members, ...staff], denied: 'FORBIDDEN' },
  {
    fields: on('User', 'email'),
    readers: ['viewer', 'organizationOwner', ...staff, 'service'],
    denied: 'null',
  },
  {
    fields: on('User', 'emailVerified phone addresses'),
    readers: ['viewer', 'support', 'admin', 'service'],
    denied: 'null',
  },
  {
    fields: on('AddressBookEntry', 'id label isDefault address'),
    readers: ['viewer', 'support', 'admin', 'service'],
    denied: 'FORBIDDEN',
  },
  { fields: on('User', 'roles'), readers: ['viewer', 'admin'], denied: 'null' },
  { fields: on('User', 'mfaEnabled lastSignInAt'), readers: ['viewer', 'support', 'admin'], denied: 'null' },
  { fields: on('User', 'supportNotes'), readers: ['support', 'admin'], denied: 'FORBIDDEN' },
  { fields: on('User', 'orders'), readers: ['viewer', ...staff, 'service'], denied: 'null' },
  {
    fields: on('User', 'billingAccount balance invoices'),
    readers: ['viewer', 'support', 'finance', 'service'],
    denied: 'null',
  },

  {
    fields: on('Organization', 'id name kind country createdAt updatedAt version'),
    readers: organizationReaders,
    denied: 'FORBIDDEN',
  },
  {
    fields: on('Organization', 'legalName'),
    readers: [...billingManagersAndAbove, ...staff, 'organizationClient', 'service'],
    denied: 'null',
  },
  {
    fields: on('Organization', 'taxId'),
    readers: [...billingManagersAndAbove, 'finance', 'admin', 'organizationClient', 'service'],
    denied: 'null',
  },
  { fields: on('Organization', 'members'), readers: membershipReaders, denied: 'null' },
  { fields: on('Organization', 'apiClients'), readers: ['organizationOwner', 'admin'], denied: 'null' },
  { fields: on('Organization', 'orders'), readers: organizationReaders, denied: 'null' },
  {
    fields: on('Organization', 'billingAccount balance invoices'),
    readers: accountReaders,
    denied: 'null',
  },

  {
    fields: on('Membership', 'id user organization role createdAt version'),
    readers: membershipReaders,
    denied: 'FORBIDDEN',
  },
  {
    fields: on(
      'ApiClient',
      'id name clientId scopes status organization secretHint rateLimitPoints lastUsedAt createdAt version',
    ),
    readers: apiClientReaders,
    denied: 'FORBIDDEN',
  },

  {
    fields: on(
      'Order',
      `id number status fulfillmentStatus channel buyer currency lines itemCount subtotal discountTotal shippingTotal
       taxTotal total discounts shipments returns paymentStatus customerNote externalReference timeline cancelReason
       canceledAt placedAt createdAt updatedAt version`,
    ),
    readers: orderReaders,
    denied: 'FORBIDDEN',
  },
  { fields: on('Order', 'organization'), readers: orderReaders, denied: 'FORBIDDEN' },
  {
    fields: on('Order', 'shippingAddress billingAddress'),
    readers: ['buyer', ...buyersAndAbove, 'support', ...ownClients, 'service'],
    denied: 'null',
  },
  { fields: on('Order', 'fulfillmentBlockers'), readers: ['support', 'admin', 'service'], denied: 'FORBIDDEN' },
  { fields: on('Order', 'internalNote riskScore'), readers: ['support', 'admin'], denied: 'FORBIDDEN' },
  {
    fields: on('Order', 'outstandingAmount'),
    readers: ['buyer', ...buyersAndAbove, 'support', 'finance', ...ownClients, 'service'],
    denied: 'null',
  },
  { fields: on('Order', 'invoice payments'), readers: invoiceReaders, denied: 'null' },
  {
    fields: on(
      'OrderLine',
      `id variant sku title quantity shippedQuantity returnedQuantity unitPrice discountTotal taxTotal taxLines total`,
    ),
    readers: orderReaders,
    denied: 'FORBIDDEN',
  },
  {
    fields: on('Shipment', 'id status order carrier trackingNumber lines shippedAt deliveredAt version'),
    readers: orderReaders,
    denied: 'FORBIDDEN',
  },
  {
    fields: on('OrderReturn', 'id status order lines reason refundAmount requestedAt version'),
    readers: orderReaders,
    denied: 'FORBIDDEN',
  },

  {
    fields: on(
      'Invoice',
      `id number status customer organization order billTo currency lines subtotal taxTotal total amountPaid
       amountCredited amountDue payments refunds creditNotes issuedOn dueOn overdue reminderCount pdfUrl createdAt updatedAt version`,
    ),
    readers: invoiceReaders,
    denied: 'FORBIDDEN',
  },
  { fields: on('Invoice', 'account'), readers: accountReaders, denied: 'null' },
  { fields: on('Invoice', 'closeReason'), readers: ['finance', 'service'], denied: 'FORBIDDEN' },
  {
    fields: on(
      'Payment',
      'id state invoice amount capturedAmount refundedAmount methodType createdAt capturedAt version',
    ),
    readers: invoiceReaders,
    denied: 'FORBIDDEN',
  },
  {
    fields: on('Payment', 'failureCode'),
    readers: ['buyer', ...billingManagersAndAbove, 'support', 'finance', 'service'],
    denied: 'null',
  },
  { fields: on('Payment', 'nextActionUrl'), readers: ['buyer', ...billingManagersAndAbove], denied: 'null' },
  { fields: on('Payment', 'providerReference'), readers: ['finance', 'service'], denied: 'FORBIDDEN' },
  { fields: on('Payment', 'method'), readers: [...billingManagersAndAbove, 'finance'], denied: 'null' },
  {
    fields: on('Refund', 'id status payment amount destination reason createdAt version'),
    readers: invoiceReaders,
    denied: 'FORBIDDEN',
  },
  { fields: on('Refund', 'requestedBy approvedBy'), readers: ['finance', 'service'], denied: 'FORBIDDEN' },
  { fields: on('CreditNote', 'id number invoice total reason issuedAt'), readers: invoiceReaders, denied: 'FORBIDDEN' },

  {
    fields: on('BillingAccount', 'id user organization currency paymentTermDays balances version'),
    readers: accountReaders,
    denied: 'FORBIDDEN',
  },
  { fields: on('BillingAccount', 'creditLimit'), readers: ['organizationOwner', 'finance'], denied: 'null' },
  {
    fields: on('BillingAccount', 'paymentMethods'),
    readers: [...billingManagersAndAbove, 'finance'],
    denied: 'null',
  },
  {
    fields: on('PaymentMethod', 'id type last4 isDefault'),
    readers: [...billingManagersAndAbove, 'finance'],
    denied: 'FORBIDDEN',
  },
  { fields: on('PaymentMethod', 'brand expiryMonth expiryYear'), readers: billingManagersAndAbove, denied: 'null' },
];

/** Fields that are null in the test world although the caller may read them. */
export const EMPTY_FIELDS: ReadonlySet<string> = new Set([
  'Order.cancelReason',
  'Order.canceledAt',
  'Payment.capturedAt',
  // The account of the test world belongs to an organization.
  'BillingAccount.user',
  // Asked of the failed payment; the waiting one has its own test.
  'Payment.nextActionUrl',
]);
