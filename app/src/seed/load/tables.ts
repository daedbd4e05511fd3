// The tables that the seed fills, with the columns it writes. A column that the database computes is not listed.

const times = ['created_at', 'updated_at'] as const;
const versioned = [...times, 'version'] as const;
const tax = ['position', 'title', 'rate', 'jurisdiction', 'amount_minor', ...times] as const;

export const TABLES = {
  'users.users': ['id', 'email', 'email_verified', 'display_name', 'phone', 'locale', 'status', 'oidc_issuer', 'oidc_subject', 'support_notes', 'legacy_customer_number', 'mfa_enabled', 'last_sign_in_at', 'erased_at', ...versioned],
  'users.user_roles': ['user_id', 'role', 'granted_by', ...times],
  'users.addresses': ['id', 'user_id', 'label', 'is_default', 'recipient', 'line1', 'line2', 'city', 'region', 'postal_code', 'country', ...versioned],
  'users.organizations': ['id', 'name', 'legal_name', 'tax_id', 'kind', 'country', ...versioned],
  'users.memberships': ['id', 'organization_id', 'user_id', 'role', ...versioned],
  'users.api_clients': ['id', 'organization_id', 'client_id', 'name', 'scopes', 'status', 'rate_limit_points', 'last_used_at', ...versioned],
  'users.api_client_secrets': ['id', 'client_id', 'hash', 'hint', 'expires_at', ...times],
  'orders.user_copies': ['id', 'status', 'version'],
  'orders.membership_copies': ['id', 'organization_id', 'user_id', 'role', 'version'],
  'orders.products': ['id', 'slug', 'title', 'description', 'active', ...versioned],
  'orders.product_variants': ['id', 'product_id', 'sku', 'title', 'position', 'tax_category', 'stock_on_hand', 'stock_reserved', ...versioned],
  'orders.variant_prices': ['variant_id', 'currency', 'amount_minor', ...times],
  'orders.orders': ['id', 'number', 'status', 'fulfillment_status', 'payment_status', 'channel', 'buyer_id', 'organization_id', 'partner_organization_id', 'external_reference', 'currency', 'subtotal_minor', 'discount_minor', 'shipping_minor', 'tax_minor', 'total_minor', 'shipping_address', 'billing_address', 'customer_note', 'internal_note', 'risk_score', 'cancel_reason', 'placed_at', 'canceled_at', 'discount_codes', 'search_text', ...versioned],
  'orders.discount_codes': ['id', 'code', 'title', 'kind', 'value', 'starts_at', 'ends_at', 'max_uses', 'used', ...times],
  'orders.order_lines': ['id', 'order_id', 'position', 'variant_id', 'sku', 'title', 'quantity', 'shipped_quantity', 'returned_quantity', 'unit_price_minor', 'discount_minor', 'tax_minor', 'total_minor', ...times],
  'orders.order_line_taxes': ['order_line_id', ...tax],
  'orders.order_discounts': ['order_id', 'position', 'code', 'title', 'amount_minor', ...times],
  'orders.order_events': ['id', 'order_id', 'type', 'actor_id', 'message', 'created_at'],
  'orders.shipments': ['id', 'order_id', 'status', 'carrier', 'tracking_number', 'shipped_at', 'delivered_at', ...versioned],
  'orders.shipment_lines': ['shipment_id', 'order_line_id', 'quantity', ...times],
  'orders.order_returns': ['id', 'order_id', 'status', 'reason', 'refund_minor', ...versioned],
  'orders.return_lines': ['return_id', 'order_line_id', 'quantity', ...times],
  'billing.billing_accounts': ['id', 'owner_type', 'owner_id', 'currency', 'payment_term_days', 'credit_limit_minor', ...versioned],
  'billing.account_balances': ['account_id', 'currency', 'available_minor', ...times],
  'billing.payment_methods': ['id', 'account_id', 'type', 'provider', 'provider_token_enc', 'brand', 'last4', 'expiry_month', 'expiry_year', 'is_default', ...times],
  'billing.number_series': ['series', 'next', ...times],
  'billing.invoices': ['id', 'number', 'account_id', 'customer_id', 'organization_id', 'partner_organization_id', 'order_id', 'order_number', 'status', 'currency', 'subtotal_minor', 'tax_minor', 'total_minor', 'paid_minor', 'credited_minor', 'authorized_minor', 'refunded_minor', 'issued_on', 'due_on', 'reminder_count', 'bill_to', 'close_reason', ...versioned],
  'billing.invoice_lines': ['id', 'invoice_id', 'position', 'description', 'quantity', 'unit_price_minor', 'discount_minor', 'tax_minor', 'total_minor', ...times],
  'billing.invoice_line_taxes': ['invoice_line_id', ...tax],
  'billing.payments': ['id', 'invoice_id', 'account_id', 'state', 'currency', 'amount_minor', 'captured_minor', 'refunded_minor', 'method_type', 'provider', 'provider_reference', 'provider_idempotency_key', 'failure_code', 'next_action_url', 'captured_at', ...versioned],
  'billing.refunds': ['id', 'payment_id', 'status', 'currency', 'amount_minor', 'destination', 'reason', 'requested_by', 'approved_by', 'provider_reference', 'provider_idempotency_key', ...versioned],
  'billing.credit_notes': ['id', 'number', 'invoice_id', 'currency', 'total_minor', 'reason', 'issued_at', 'created_at'],
  'billing.ledger_transactions': ['id', 'kind', 'source_type', 'source_id', 'reverses_id', 'posted_at', 'created_at'],
  'billing.ledger_entries': ['transaction_id', 'line_no', 'account_code', 'sub_account_id', 'side', 'amount_minor', 'currency'],
} as const satisfies Record<string, readonly string[]>; // prettier-ignore

export type TableName = keyof typeof TABLES;

/** A value as it goes into COPY. Times and documents are text already. */
export type CopyValue = string | number | bigint | boolean | null;

/** One row: every listed column has a value. */
export type Row<T extends TableName> = Readonly<Record<(typeof TABLES)[T][number], CopyValue>>;

/** Takes rows on their way into the database. */
export type AddRow = <T extends TableName>(table: T, row: Row<T>) => void;

/** Schemas in the order they are filled. */
export const SCHEMAS = ['users', 'orders', 'billing'] as const;

export type SchemaName = (typeof SCHEMAS)[number];

export const tableNames = Object.keys(TABLES) as TableName[];

export const schemaOf = (table: TableName): SchemaName => table.slice(0, table.indexOf('.')) as SchemaName;
