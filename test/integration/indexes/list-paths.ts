import type { ListPath } from './access-path.ts';
import type { Samples } from './samples.ts';

/** Every list, by every sort and filter, as everybody whose rows are found by an index of their own. */
export function listPaths(samples: Samples): ListPath[] {
  return [...products(samples), ...orders(samples), ...invoices(samples), ...parts(samples)];
}

function products({ sku }: Samples): ListPath[] {
  const search = { args: 'filter: { search: "lamp" }', indexes: ['products_tsv'], sortsMatches: true } as const;
  const bySku = {
    args: `filter: { skuIn: ["${sku}" "x"] }`,
    indexes: ['product_variants_sku_key'],
    sortsMatches: true,
  } as const;
  return [
    { as: 'nobody', field: 'products', indexes: ['products_active'], countsAll: true },
    { as: 'admin', field: 'products', args: 'filter: { active: null }', indexes: ['products_pkey'], countsAll: true },
    { as: 'nobody', field: 'products', ...search },
    { as: 'nobody', field: 'products', ...bySku },
  ];
}

type Options = Partial<ListPath> & { filter?: string };

function orders({ ids, orderNumber, externalReference, sku, week }: Samples): ListPath[] {
  const list = (as: ListPath['as'], used: Used, { filter = '', ...options }: Options = {}) =>
    inEveryOrder({ as, field: 'orders', ...options }, filter, used);
  const time = (placed: string[], updated: string[]) => ({ PLACED_AT: placed, UPDATED_AT: updated });
  const by = (what: string) => time([`orders_${what}_placed`], [`orders_${what}_updated`]);
  const either = (one: string, other: string) =>
    time([`orders_${one}_placed`, `orders_${other}_placed`], [`orders_${one}_updated`, `orders_${other}_updated`]);
  const all = time(['orders_placed'], ['orders_updated']);
  const found = (as: ListPath['as'], filter: string, ...indexes: string[]) =>
    list(as, time(indexes, indexes), { filter, sortsMatches: true });
  const period = `{ from: "${week.from}" to: "${week.to}" }`;
  const buyers = { type: 'User', ids: ids.User } as const;
  const organizations = { type: 'Organization', ids: ids.Organization } as const;
  return [
    ...list('support', all),
    ...list('support', by('status'), { filter: 'statusIn: [PENDING]' }),
    ...list('support', by('status'), { filter: 'statusIn: [CONFIRMED PENDING]' }),
    ...list('support', by('status'), { filter: 'statusIn: [DRAFT CANCELED]' }),
    ...list('support', by('payment'), { filter: 'paymentStatusIn: [PARTIALLY_PAID]' }),
    ...list('support', by('payment'), { filter: 'paymentStatusIn: [UNPAID AUTHORIZED]' }),
    ...list('support', by('fulfillment'), { filter: 'fulfillmentStatusIn: [PARTIALLY_FULFILLED]' }),
    ...list('support', by('fulfillment'), { filter: 'fulfillmentStatusIn: [RETURNED UNFULFILLED]' }),
    // Most orders end in these states: whoever walks through all of them meets one at nearly every step.
    ...list('support', time([], ['orders_updated']), { filter: 'statusIn: [COMPLETED]', countsAll: true }),
    ...list('support', all, { filter: 'paymentStatusIn: [PAID]', countsAll: true }),
    ...list('support', all, { filter: 'fulfillmentStatusIn: [FULFILLED]', countsAll: true }),
    ...list('support', { PLACED_AT: ['orders_placed'] }, { filter: `placedAt: ${period}` }),
    ...list('support', { PLACED_AT: ['orders_placed'] }, { filter: `placedAt: { from: "${week.from}" }` }),
    ...list('support', { UPDATED_AT: ['orders_updated'] }, { filter: `updatedAt: ${period}` }),
    ...list('support', { UPDATED_AT: ['orders_updated'] }, { filter: `updatedAt: { from: "${week.from}" }` }),
    ...list('support', { UPDATED_AT: ['orders_placed'] }, { filter: `placedAt: ${period}`, sortsMatches: true }),
    ...list('support', { PLACED_AT: ['orders_updated'] }, { filter: `updatedAt: ${period}`, sortsMatches: true }),
    ...list('support', by('buyer'), { filter: `buyerId: "${ids.User[0]}"` }),
    ...list('support', by('organization'), { filter: `organizationId: "${ids.Organization[0]}"` }),
    ...list('support', time(['orders_number_key'], ['orders_number_key']), { filter: `number: "${orderNumber}"` }),
    ...found('support', `externalReference: "${externalReference}"`, 'orders_external_reference_key'),
    ...found('support', `sku: "${sku}"`, 'order_lines_sku'),
    ...found('support', `search: "${orderNumber}"`, 'orders_tsv'),
    // Orders in these states are fewer than orders with such a word.
    ...found('support', 'search: "lamp oak" statusIn: [PENDING CONFIRMED]'),

    ...list('customer', by('buyer')),
    ...list('member', either('buyer', 'organization')),
    ...list('partner', either('partner', 'organization')),
    ...list('partner', { UPDATED_AT: ['orders_partner_updated'] }, { filter: `updatedAt: { from: "${week.from}" }` }),
    ...found('customer', `search: "${orderNumber}"`, 'orders_tsv'),
    ...found('partner', `externalReference: "${externalReference}"`, 'orders_external_reference_key'),

    ...list('support', by('buyer'), { below: buyers }),
    ...list('support', by('organization'), { below: organizations }),
    ...list('partner', by('organization'), { below: { ...organizations, ids: [ids.Organization[0]!] } }),
    // One person has few orders in these states.
    ...list('support', time([], []), { below: buyers, filter: 'statusIn: [PENDING CONFIRMED]', sortsMatches: true }),
  ];
}

function invoices({ ids, invoiceNumber, week }: Samples): ListPath[] {
  const list = (as: ListPath['as'], used: Used, { filter = '', ...options }: Options = {}) =>
    inEveryOrder({ as, field: 'invoices', ...options }, filter, used);
  const time = (created: string[], due: string[], updated: string[]) => ({
    CREATED_AT: created,
    DUE_ON: due,
    UPDATED_AT: updated,
  });
  const of = (...owners: string[]) => {
    const each = (key: string) => owners.map((owner) => `invoices_${owner}_${key}`);
    return time(each('created'), each('due'), each('updated'));
  };
  const all = time(['invoices_created'], ['invoices_due'], ['invoices_updated']);
  const byStatus = (due: string) => time(['invoices_status_created'], [due], ['invoices_status_updated']);
  const overdue = { DUE_ON: ['invoices_open_due'] };
  const byNumber = ['invoices_number_key'];
  const issued = ['invoices_issued'];
  const updated = ['invoices_updated'];
  const period = `{ from: "${week.from}" to: "${week.to}" }`;
  const days = `{ from: "${week.from.slice(0, 10)}" to: "${week.to.slice(0, 10)}" }`;
  return [
    ...list('finance', all),
    ...list('finance', byStatus('invoices_open_due'), { filter: 'statusIn: [OPEN]' }),
    ...list('finance', byStatus('invoices_closed_due'), { filter: 'statusIn: [VOID UNCOLLECTIBLE]' }),
    // Drafts, and only they, have no due date.
    ...list('finance', byStatus('invoices_due'), { filter: 'statusIn: [DRAFT]', sortsMatches: true }),
    // Most invoices end so: whoever walks through all of them meets one at nearly every step.
    ...list('finance', all, { filter: 'statusIn: [PAID]', countsAll: true }),
    ...list('finance', all, { filter: 'overdue: false', countsAll: true }),
    ...list('finance', overdue, { filter: 'overdue: true' }),
    ...list('finance', overdue, { filter: 'overdue: true statusIn: [OPEN]' }),
    ...list('finance', time(issued, issued, issued), { filter: `issuedOn: ${days}`, sortsMatches: true }),
    ...list('finance', { UPDATED_AT: updated }, { filter: `updatedAt: { from: "${week.from}" }` }),
    ...list(
      'finance',
      { CREATED_AT: updated, DUE_ON: updated },
      { filter: `updatedAt: ${period}`, sortsMatches: true },
    ),
    ...list('finance', of('customer'), { filter: `customerId: "${ids.User[0]}"` }),
    ...list('finance', of('organization'), { filter: `organizationId: "${ids.Organization[0]}"` }),
    ...list('finance', time(byNumber, byNumber, byNumber), { filter: `number: "${invoiceNumber}"` }),

    ...list('customer', of('customer')),
    ...list('owner', of('customer', 'organization')),
    ...list('partner', of('partner', 'organization')),

    ...list('finance', of('customer'), { below: { type: 'User', ids: ids.User } }),
    ...list('finance', of('organization'), { below: { type: 'Organization', ids: ids.Organization } }),
  ];
}

/** Lists below objects that have one order. */
function parts({ ids }: Samples): ListPath[] {
  const below = (type: keyof Samples['ids']) => ({ below: { type, ids: ids[type] } });
  const orderLines = ['order_lines_order_id_position_key', 'orders_pkey'];
  const invoiceLines = ['invoice_lines_invoice_id_position_key', 'invoices_pkey'];
  return [
    { as: 'support', field: 'lines', ...below('Order'), indexes: orderLines },
    { as: 'support', field: 'timeline', ...below('Order'), indexes: ['order_events_order'] },
    { as: 'finance', field: 'lines', ...below('Invoice'), indexes: invoiceLines },
    { as: 'support', field: 'memberships', ...below('User'), indexes: ['memberships_user'] },
    { as: 'support', field: 'members', ...below('Organization'), indexes: ['memberships_organization'] },
    { as: 'admin', field: 'apiClients', ...below('Organization'), indexes: ['api_clients_organization'] },
  ];
}

/** Indexes of a list by its sort key. Keys that are left out are not looked at. */
type Used = Readonly<Record<string, readonly string[]>>;

function inEveryOrder(path: Omit<ListPath, 'args' | 'indexes'>, filter: string, used: Used): ListPath[] {
  return Object.entries(used).flatMap(([key, indexes]) =>
    ['ASC', 'DESC'].map((direction) => ({
      ...path,
      indexes,
      args: `filter: { ${filter} } sort: { field: ${key} direction: ${direction} }`,
    })),
  );
}
