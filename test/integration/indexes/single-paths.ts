import type { SinglePath } from './access-path.ts';
import type { Samples } from './samples.ts';

/** Every read of one object, of several, and of what hangs on them without being a list. */
export function singlePaths({ ids, parts, ...samples }: Samples): SinglePath[] {
  const all = (type: keyof Samples['ids'] | keyof Samples['parts']) =>
    JSON.stringify(type in ids ? ids[type as keyof typeof ids] : parts[type as keyof typeof parts]);
  const nodes = (type: keyof Samples['ids'] | keyof Samples['parts'], selection: string) =>
    `{ nodes(ids: ${all(type)}) { ... on ${type} { ${selection} } } }`;
  const finished = 'orders(first: 20, filter: { statusIn: [COMPLETED] })'; // they have everything that an order can have
  return [
    { as: 'customer', query: '{ me { email } }', indexes: ['users_pkey'] },
    { as: 'support', query: `{ user(id: "${ids.User[0]}") { email } }`, indexes: ['users_pkey'] },
    { as: 'admin', query: nodes('User', 'email roles'), indexes: ['users_pkey', 'user_roles_pkey'] },
    { as: 'customer', query: '{ me { addresses { label } } }', indexes: ['addresses_user'] },
    { as: 'support', query: nodes('User', 'addresses { label }'), indexes: ['addresses_user'] },
    { as: 'support', query: nodes('AddressBookEntry', 'label'), indexes: ['addresses_pkey'] },
    {
      as: 'owner',
      query: nodes('User', 'locale'),
      indexes: ['users_pkey'],
      anyOf: ['memberships_organization_id_user_id_key', 'memberships_organization'],
    },
    { as: 'support', query: nodes('Organization', 'name'), indexes: ['organizations_pkey'] },
    { as: 'owner', query: `{ organization(id: "${ids.Organization[0]}") { name } }`, indexes: ['organizations_pkey'] },
    {
      as: 'support',
      query: nodes('Membership', 'role user { displayName } organization { name }'),
      indexes: ['memberships_pkey'],
    },
    {
      as: 'admin',
      query: nodes('ApiClient', 'name secretHint'),
      indexes: ['api_clients_pkey', 'api_client_secrets_client'],
    },
    { as: 'partner', query: '{ viewer { apiClient { name } } }', indexes: ['api_clients_pkey'] },

    { as: 'nobody', query: `{ product(id: "${ids.Product[0]}") { title } }`, indexes: ['products_active'] },
    { as: 'admin', query: `{ product(id: "${ids.Product[0]}") { title } }`, indexes: ['products_pkey'] },
    { as: 'nobody', query: `{ product(slug: "${samples.slug}") { title } }`, indexes: ['products_slug_key'] },
    {
      as: 'customer',
      query: nodes('Product', 'variants { sku price(currency: "EUR") { amountMinor } availableQuantity }'),
      indexes: ['product_variants_product', 'variant_prices_pkey'],
    },
    {
      as: 'customer',
      query: nodes('ProductVariant', 'product { title }'),
      indexes: ['product_variants_pkey', 'products_active'],
    },

    ...(['customer', 'member', 'partner', 'support'] as const).flatMap((as): SinglePath[] => [
      { as, query: nodes('Order', 'number'), indexes: ['orders_pkey'] },
      { as, query: `{ order(number: "${samples.orderNumber}") { id } }`, indexes: ['orders_number_key'] },
      { as, query: nodes('OrderLine', 'sku'), indexes: ['order_lines_pkey', 'orders_pkey'] },
      { as, query: nodes('Shipment', 'status'), indexes: ['shipments_pkey', 'orders_pkey'] },
      { as, query: nodes('OrderReturn', 'status'), indexes: ['order_returns_pkey', 'orders_pkey'] },
    ]),
    {
      as: 'partner',
      query: `{ order(externalReference: "${samples.externalReference}") { id } }`,
      indexes: ['orders_external_reference_key'],
    },
    {
      as: 'support',
      query: `{ ${finished} { nodes {
        itemCount discounts { title } buyer { displayName } organization { name }
        lines(first: 5) { nodes { taxLines { rate } variant { title product { title } } } }
        shipments { status lines { quantity orderLine { sku } } } returns { status lines { quantity orderLine { sku } } }
        timeline(first: 5) { nodes { actor { displayName } } }
        paymentStatus outstandingAmount { amountMinor } invoice { number } payments { state } } } }`,
      indexes: [
        'order_lines_order_id_position_key',
        'order_discounts_pkey',
        'order_line_taxes_pkey',
        'shipments_order',
        'shipment_lines_pkey',
        'order_returns_order',
        'return_lines_pkey',
        'order_lines_pkey',
        'product_variants_pkey',
        'invoices_order',
        'payments_invoice',
      ],
    },

    ...(['customer', 'owner', 'partner', 'finance'] as const).flatMap((as): SinglePath[] => [
      // Among the few invoices of an owner, ids are looked up in the owner's index.
      { as, query: nodes('Invoice', 'number'), indexes: as === 'finance' ? ['invoices_pkey'] : [] },
      { as, query: `{ invoice(number: "${samples.invoiceNumber}") { id } }`, indexes: ['invoices_number_key'] },
      { as, query: nodes('Payment', 'state'), indexes: ['payments_pkey', 'invoices_pkey'] },
      { as, query: nodes('Order', 'paymentStatus invoice { number } payments { state }'), indexes: ['invoices_order'] },
    ]),
    {
      as: 'finance',
      query: `{ invoices(first: 20) { nodes { order { number status } customer { displayName } organization { name }
        payments { state } lines(first: 5) { nodes { taxLines { rate } } } } } }`,
      indexes: ['payments_invoice', 'invoice_lines_invoice_id_position_key', 'invoice_line_taxes_pkey'],
    },
    {
      as: 'finance',
      query: nodes('User', 'balance { available { amountMinor } outstanding { amountMinor } overdue { amountMinor } }'),
      indexes: ['billing_accounts_owner_type_owner_id_key', 'account_balances_pkey', 'invoices_open_account'],
    },
    {
      as: 'finance',
      query: nodes('Organization', 'balance { overdue { amountMinor } }'),
      indexes: ['billing_accounts_owner_type_owner_id_key'],
    },
    {
      as: 'finance',
      query: nodes('Invoice', 'account { currency } refunds { status } creditNotes { number }'),
      indexes: ['billing_accounts_pkey', 'refunds_payment', 'credit_notes_invoice'],
    },
    { as: 'finance', query: nodes('Refund', 'status'), indexes: ['refunds_pkey'] },
    { as: 'finance', query: nodes('CreditNote', 'number'), indexes: ['credit_notes_pkey'] },
    {
      as: 'finance',
      query: nodes('User', 'billingAccount { balances { currency } paymentMethods { last4 } }'),
      indexes: ['billing_accounts_owner_type_owner_id_key', 'payment_methods_account', 'account_balances_pkey'],
    },
    { as: 'finance', query: nodes('PaymentMethod', 'last4'), indexes: ['payment_methods_pkey'] },
    { as: 'customer', query: '{ me { billingAccount { paymentMethods { brand } } } }', indexes: [] },
  ];
}
