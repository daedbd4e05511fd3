import type pg from 'pg';

import { toGlobalId } from '@tributary/kit/ids';
import type { IdType } from '@tributary/kit/ids';

// A tiny world for access tests: one order with everything on it, everybody who stands in some relation to it, and one second order
// that is nobody's of them. Written as plain rows, so that it depends on no code under test.

const uuidOf = (number: number) => `01920000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** People by their relation to the order. `stranger` owns an organization of their own. */
export const people = {
  buyer: uuidOf(0x101),
  organizationOwner: uuidOf(0x102),
  billingManager: uuidOf(0x103),
  organizationBuyer: uuidOf(0x104),
  viewer: uuidOf(0x105),
  stranger: uuidOf(0x106),
  support: uuidOf(0x107),
  finance: uuidOf(0x108),
  admin: uuidOf(0x109),
} as const;
export type Person = keyof typeof people;

export const organizations = {
  /** The order was placed on its behalf. */
  buying: uuidOf(0x201),
  /** Its client placed the order. */
  partner: uuidOf(0x202),
  otherPartner: uuidOf(0x203),
  strangers: uuidOf(0x204),
} as const;

export const clients = {
  /** Placed the order. */
  partner: uuidOf(0x301),
  otherPartner: uuidOf(0x302),
  /** A client of the organization that bought. */
  organizationClient: uuidOf(0x303),
} as const;
export type ClientName = keyof typeof clients;

const staffRoles: Partial<Record<Person, string>> = { support: 'SUPPORT', finance: 'FINANCE', admin: 'ADMIN' };
const memberRoles: Partial<Record<Person, string>> = {
  organizationOwner: 'OWNER',
  billingManager: 'BILLING_MANAGER',
  organizationBuyer: 'BUYER',
  viewer: 'VIEWER',
};
const clientOrganizations: Record<ClientName, string> = {
  partner: organizations.partner,
  otherPartner: organizations.otherPartner,
  organizationClient: organizations.buying,
};
export const CLIENT_SCOPES = [
  'orders:read',
  'orders:write',
  'billing:read',
  'billing:pay',
  'payouts:read',
  'webhooks:write',
];

/** One object of each published type, all of them belonging together. */
export const objects = {
  User: people.viewer,
  /** Of `viewer`. */
  AddressBookEntry: uuidOf(0x411),
  Organization: organizations.buying,
  /** Of `viewer`. */
  Membership: uuidOf(0x404),
  ApiClient: clients.organizationClient,
  Product: uuidOf(0x501),
  ProductVariant: uuidOf(0x502),
  Order: uuidOf(0x601),
  OrderLine: uuidOf(0x602),
  Shipment: uuidOf(0x603),
  OrderReturn: uuidOf(0x604),
  Invoice: uuidOf(0x701),
  /** Failed, so that it has a reason. */
  Payment: uuidOf(0x702),
} as const satisfies Partial<Record<IdType, string>>;
export type FixtureType = keyof typeof objects;

/** A second payment, which waits for its payer. */
export const waitingPayment = uuidOf(0x704);

export const fixtureId = (type: FixtureType) => toGlobalId(type, objects[type]);

export const FIXTURE_ISSUER = 'https://issuer.test.invalid';

const PLACED_AT = '2026-03-01T10:00:00.000Z';
const address = { recipient: 'Ada Buyer', line1: 'Hauptplatz 1', city: 'Graz', postalCode: '8010', country: 'AT' };

/** Inserts the world. `client` is connected as administrator. */
export async function insertFixture(client: pg.Client): Promise<void> {
  const insert = async (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row);
    const values = columns.map((_, index) => `$${index + 1}`);
    await client.query(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`,
      Object.values(row),
    );
  };
  await client.query('BEGIN');
  await insertUsersSchema(insert);
  await insertOrdersSchema(insert);
  await insertBillingSchema(insert);
  await client.query(FINALIZE_INVOICE, [objects.Invoice, JSON.stringify(address)]);
  await client.query('COMMIT');
}

// Written off, because only such an invoice has a reason for its end.
const FINALIZE_INVOICE = `UPDATE billing.invoices SET status = 'UNCOLLECTIBLE', number = 'TI-1', issued_on = '2026-03-01',
  due_on = '2026-03-15', bill_to = $2, close_reason = 'insolvent', reminder_count = 1 WHERE id = $1`;

type Insert = (table: string, row: Record<string, unknown>) => Promise<void>;

async function insertUsersSchema(insert: Insert): Promise<void> {
  for (const [name, id] of Object.entries(people) as [Person, string][]) {
    await insert('users.users', {
      id,
      email: `${name.toLowerCase()}@example.com`,
      email_verified: true,
      display_name: `The ${name}`,
      phone: '+431234567',
      locale: 'de-AT',
      status: 'ACTIVE',
      oidc_issuer: FIXTURE_ISSUER,
      oidc_subject: name,
      support_notes: 'prefers the phone',
      legacy_customer_number: `L-${name}`,
      mfa_enabled: true,
      last_sign_in_at: PLACED_AT,
    });
    await insert('users.user_roles', { user_id: id, role: staffRoles[name] ?? 'CUSTOMER' });
  }
  await insert('users.addresses', {
    id: objects.AddressBookEntry,
    user_id: people.viewer,
    label: 'Home',
    is_default: true,
    recipient: address.recipient,
    line1: address.line1,
    city: address.city,
    postal_code: address.postalCode,
    country: address.country,
  });
  for (const [name, id] of Object.entries(organizations))
    await insert('users.organizations', {
      id,
      name: `${name} Ltd`,
      legal_name: `${name} Limited`,
      tax_id: `ATU${name}`,
      kind: name.toLowerCase().includes('partner') ? 'PARTNER' : 'BUYER',
      country: 'AT',
    });
  let membership = 0x401;
  for (const [person, role] of Object.entries({ ...memberRoles, stranger: 'OWNER' }) as [Person, string][]) {
    const organization_id = person === 'stranger' ? organizations.strangers : organizations.buying;
    await insert('users.memberships', { id: uuidOf(membership++), organization_id, user_id: people[person], role });
  }
  for (const [name, id] of Object.entries(clients) as [ClientName, string][]) {
    await insert('users.api_clients', {
      id,
      organization_id: clientOrganizations[name],
      client_id: name,
      name: `Client ${name}`,
      scopes: CLIENT_SCOPES,
      status: 'ACTIVE',
      rate_limit_points: 1000,
      last_used_at: PLACED_AT,
    });
    await insert('users.api_client_secrets', { id, client_id: id, hash: 'not a real hash', hint: 'a1b2' });
  }
}

async function insertOrdersSchema(insert: Insert): Promise<void> {
  await insert('orders.products', {
    id: objects.Product,
    slug: 'desk-lamp',
    title: 'Desk lamp',
    description: 'Lights a desk.',
  });
  await insert('orders.product_variants', {
    id: objects.ProductVariant,
    product_id: objects.Product,
    sku: 'LAMP-1',
    title: 'White',
    position: 1,
    stock_on_hand: 10,
    stock_reserved: 2,
  });
  await insert('orders.variant_prices', { variant_id: objects.ProductVariant, currency: 'EUR', amount_minor: 1000 });
  await insert(
    'orders.orders',
    orderRow(objects.Order, 'T-1', people.buyer, organizations.buying, organizations.partner),
  );
  await insert('orders.order_lines', {
    id: objects.OrderLine,
    order_id: objects.Order,
    position: 1,
    variant_id: objects.ProductVariant,
    sku: 'LAMP-1',
    title: 'Desk lamp, white',
    quantity: 2,
    shipped_quantity: 2,
    returned_quantity: 1,
    unit_price_minor: 1000,
    discount_minor: 100,
    tax_minor: 380,
    total_minor: 2280,
  });
  await insert('orders.order_line_taxes', {
    order_line_id: objects.OrderLine,
    position: 1,
    title: 'VAT',
    rate: '0.20',
    jurisdiction: 'AT',
    amount_minor: 380,
  });
  await insert('orders.order_discounts', {
    order_id: objects.Order,
    position: 1,
    code: 'HELLO',
    title: 'Welcome',
    amount_minor: 100,
  });
  await insert('orders.shipments', {
    id: objects.Shipment,
    order_id: objects.Order,
    status: 'DELIVERED',
    carrier: 'Post',
    tracking_number: 'P-1',
    shipped_at: PLACED_AT,
    delivered_at: PLACED_AT,
  });
  await insert('orders.shipment_lines', {
    shipment_id: objects.Shipment,
    order_line_id: objects.OrderLine,
    quantity: 2,
  });
  await insert('orders.order_returns', {
    id: objects.OrderReturn,
    order_id: objects.Order,
    status: 'RECEIVED',
    reason: 'too bright',
    refund_minor: 1140,
  });
  await insert('orders.return_lines', {
    return_id: objects.OrderReturn,
    order_line_id: objects.OrderLine,
    quantity: 1,
  });
  await insert('orders.order_events', {
    id: uuidOf(0x605),
    order_id: objects.Order,
    type: 'PLACED',
    actor_id: people.buyer,
    message: 'The order was placed.',
  });
}

function orderRow(id: string, number: string, buyer: string, organization: string, partner: string) {
  return {
    id,
    number,
    status: 'CONFIRMED',
    fulfillment_status: 'FULFILLED',
    payment_status: 'PAID',
    channel: 'PARTNER_API',
    buyer_id: buyer,
    organization_id: organization,
    partner_organization_id: partner,
    external_reference: `X-${number}`,
    currency: 'EUR',
    subtotal_minor: 2000,
    discount_minor: 100,
    shipping_minor: 500,
    tax_minor: 380,
    total_minor: 2780,
    shipping_address: JSON.stringify(address),
    billing_address: JSON.stringify(address),
    customer_note: 'ring twice',
    internal_note: 'good customer',
    risk_score: 80,
    placed_at: PLACED_AT,
  };
}

async function insertBillingSchema(insert: Insert): Promise<void> {
  const owners: [string, string, string][] = [
    [uuidOf(0x801), 'USER', people.buyer],
    [uuidOf(0x802), 'ORGANIZATION', organizations.buying],
    [uuidOf(0x803), 'USER', people.viewer],
  ];
  for (const [id, owner_type, owner_id] of owners) {
    await insert('billing.billing_accounts', { id, owner_type, owner_id, currency: 'EUR' });
    await insert('billing.account_balances', { account_id: id, currency: 'EUR', available_minor: 700 });
  }
  // Lines are written while the invoice is a draft; finalizing freezes them.
  await insert('billing.invoices', {
    id: objects.Invoice,
    account_id: uuidOf(0x802),
    customer_id: people.buyer,
    organization_id: organizations.buying,
    partner_organization_id: organizations.partner,
    order_id: objects.Order,
    order_number: 'T-1',
    status: 'DRAFT',
    currency: 'EUR',
    subtotal_minor: 2400,
    tax_minor: 380,
    total_minor: 2780,
  });
  await insert('billing.invoice_lines', {
    id: uuidOf(0x703),
    invoice_id: objects.Invoice,
    position: 1,
    description: 'Desk lamp, white',
    quantity: 2,
    unit_price_minor: 1000,
    discount_minor: 100,
    tax_minor: 380,
    total_minor: 2280,
  });
  const payment = {
    invoice_id: objects.Invoice,
    account_id: uuidOf(0x802),
    currency: 'EUR',
    amount_minor: 2780,
    method_type: 'CARD',
    provider: 'test',
  };
  await insert('billing.payments', {
    ...payment,
    id: objects.Payment,
    state: 'FAILED',
    provider_reference: 'ch_1',
    provider_idempotency_key: 'key-1',
    failure_code: 'card_declined',
  });
  await insert('billing.payments', {
    ...payment,
    id: waitingPayment,
    state: 'REQUIRES_ACTION',
    provider_reference: 'ch_2',
    provider_idempotency_key: 'key-2',
    next_action_url: 'https://provider.test.invalid/confirm',
  });
}
