import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { allOf, beginsOutsidePeriod, EVERY_ROW, parseGlobalId } from '@tributary/kit';
import type { IdType, ListQuery, NestedListQuery, PageArguments, Range, SortDirection, SortKey } from '@tributary/kit';

import { invoiceColumns } from './invoice.repository.ts';
import { InvoiceStatus } from './invoice.ts';

/** `InvoiceFilter` of the contract. */
export interface InvoiceFilter {
  statusIn?: readonly InvoiceStatus[] | null;
  overdue?: boolean | null;
  organizationId?: string | null;
  customerId?: string | null;
  number?: string | null;
  issuedOn?: Range<string> | null;
  updatedAt?: Range<Date> | null;
}

interface InvoiceSort {
  field: 'CREATED_AT' | 'DUE_ON' | 'UPDATED_AT';
  direction: SortDirection;
}

export interface InvoiceListArguments extends PageArguments {
  filter?: InvoiceFilter | null;
  sort?: InvoiceSort | null;
}

const DEFAULT_SORT: InvoiceSort = { field: 'CREATED_AT', direction: 'DESC' };

/** Every invoice among the arms. `today` is the day that tells what is overdue. Throws INVALID_ID when the filter names no such id. */
export function allInvoices(args: InvoiceListArguments, today: string, arms: readonly Sql[]): ListQuery {
  const list = invoiceList('invoices', args, today, arms);
  // Whoever owns invoices has few; their own indexes serve them in any state.
  const parts = arms === EVERY_ROW ? filtersByStatus(args.filter ?? {}) : null;
  return parts
    ? { ...list, filterParts: parts.map((part) => conditionsOf(args.sort ?? DEFAULT_SORT, part, today)) }
    : list;
}

/** The same list below owners; `parent` is the column that names the owner. */
export const invoicesBelow = (
  parent: Sql,
  ...[name, args, today, arms]: Parameters<typeof invoiceList>
): NestedListQuery => ({ ...invoiceList(name, args, today, arms), parent });

function invoiceList(name: string, args: InvoiceListArguments, today: string, arms: readonly Sql[]): ListQuery {
  const { field, direction } = args.sort ?? DEFAULT_SORT;
  const filter = args.filter ?? {};
  return {
    name: `${name}:${field}:${direction}`,
    columns: invoiceColumns,
    from: sql`billing.invoices i`,
    id: sql`i.id`,
    sort: { key: sortKey(field, filter, today), direction },
    arms,
    filter: conditionsOf(args.sort ?? DEFAULT_SORT, filter, today),
    // Periods of a time that the list does not go by.
    sortsMatches:
      beginsOutsidePeriod(filter.issuedOn, direction, args, today) ||
      (field !== 'UPDATED_AT' && beginsOutsidePeriod(filter.updatedAt, direction, args, new Date(today))),
  };
}

function sortKey(field: InvoiceSort['field'], filter: InvoiceFilter, today: string): SortKey {
  switch (field) {
    case 'CREATED_AT':
      return { column: sql`i.created_at`, type: 'timestamptz', nullable: false };
    case 'UPDATED_AT':
      return {
        column: sql`i.updated_at`,
        type: 'timestamptz',
        nullable: false,
        range: { ...filter.updatedAt, below: SETTLED },
      };
    case 'DUE_ON':
      // Drafts, and only they, have no due date.
      return {
        column: sql`i.due_on`,
        type: 'date',
        nullable: !filter.statusIn || filter.statusIn.includes(InvoiceStatus.draft),
        range: filter.overdue === true ? { to: today } : undefined,
      };
  }
}

/** One filter per state, as the indexes by state are; a walk to the oldest of two states would read past every invoice in a third. */
function filtersByStatus(filter: InvoiceFilter): InvoiceFilter[] | null {
  const states = new Set(filter.statusIn);
  const narrow = isGiven(filter.organizationId) || isGiven(filter.customerId) || isGiven(filter.number);
  return states.size > 1 && !narrow ? [...states].map((status) => ({ ...filter, statusIn: [status] })) : null;
}

// A transaction that commits late may carry an older time than rows already handed out. Whoever polls by time of change
// would never meet it, so the newest rows wait a moment.
const SETTLED = sql`now() - interval '2 seconds'`;

/** What the filter demands of `i`, besides what it demands of the sort key. */
function conditionsOf({ field }: InvoiceSort, filter: InvoiceFilter, today: string): Sql {
  const { statusIn, overdue, organizationId, customerId, number } = filter;
  return allOf([
    statusIn ? statusCondition(statusIn) : null,
    isGiven(overdue) ? overdueCondition(overdue, field === 'DUE_ON', today) : null,
    isGiven(organizationId) ? sql`i.organization_id = ${uuidOf('Organization', organizationId)}` : null,
    isGiven(customerId) ? sql`i.customer_id = ${uuidOf('User', customerId)}` : null,
    isGiven(number) ? sql`i.number = ${number}` : null,
    ...rangeConditions(sql`i.issued_on`, sql`::date`, filter.issuedOn),
    ...(field === 'UPDATED_AT' ? [] : rangeConditions(sql`i.updated_at`, sql`::timestamptz`, filter.updatedAt)),
  ]);
}

// One value as an equality: only then an index that goes on with the sort key hands the rows out in order.
const statusCondition = (states: readonly InvoiceStatus[]): Sql =>
  states.length === 1 ? sql`i.status = ${states[0]}` : sql`i.status = ANY(${states}::text[])`;

// The state stands in the text, not in a parameter: it makes the partial index on open invoices usable under any plan.
function overdueCondition(overdue: boolean, byDueDate: boolean, today: string): Sql {
  if (!overdue) return sql`(i.status <> 'OPEN' OR i.due_on >= ${today}::date)`;
  return byDueDate ? sql`i.status = 'OPEN'` : sql`i.status = 'OPEN' AND i.due_on < ${today}::date`;
}

/** Half-open. */
function rangeConditions(column: Sql, cast: Sql, range: Range<string | Date> | null | undefined): (Sql | null)[] {
  return [
    isGiven(range?.from) ? sql`${column} >= ${range.from}${cast}` : null,
    isGiven(range?.to) ? sql`${column} < ${range.to}${cast}` : null,
  ];
}

const uuidOf = (type: IdType, id: string) => sql`${parseGlobalId(type, id)}::uuid`;
const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
