import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { allOf, parseGlobalId } from '@tributary/kit';
import type { IdType, ListQuery, NestedListQuery, PageArguments, Sort, SortDirection } from '@tributary/kit';

import { invoiceColumns } from './invoice.repository.ts';
import type { InvoiceStatus } from './invoice.ts';

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

interface Range<Bound> {
  from?: Bound | null;
  to?: Bound | null;
}

type InvoiceSortField = 'CREATED_AT' | 'DUE_ON' | 'UPDATED_AT';

export interface InvoiceListArguments extends PageArguments {
  filter?: InvoiceFilter | null;
  sort?: { field: InvoiceSortField; direction: SortDirection } | null;
}

const SORT_KEYS: Record<InvoiceSortField, NonNullable<Sort['key']>> = {
  CREATED_AT: { column: sql`i.created_at`, type: 'timestamptz', nullable: false },
  // Drafts have no due date.
  DUE_ON: { column: sql`i.due_on`, type: 'date', nullable: true },
  UPDATED_AT: { column: sql`i.updated_at`, type: 'timestamptz', nullable: false },
};

/** A list of invoices. `today` is the day that tells what is overdue. Throws INVALID_ID when the filter names no such id. */
export function invoiceList(
  name: string,
  { filter, sort }: InvoiceListArguments,
  today: string,
  arms: readonly Sql[],
): ListQuery {
  const { field, direction } = sort ?? { field: 'CREATED_AT', direction: 'DESC' };
  return {
    name: `${name}:${field}:${direction}`,
    columns: invoiceColumns,
    from: sql`billing.invoices i`,
    id: sql`i.id`,
    sort: { key: SORT_KEYS[field], direction },
    arms,
    filter: allOf([...filterConditions(filter ?? {}, today), field === 'UPDATED_AT' ? SETTLED : null]),
  };
}

/** The same list below owners; `parent` is the column that names the owner. */
export const invoicesBelow = (
  parent: Sql,
  ...[name, args, today, arms]: Parameters<typeof invoiceList>
): NestedListQuery => ({ ...invoiceList(name, args, today, arms), parent });

// A transaction that commits late may carry an older time than rows already handed out. Whoever polls by time of change
// would never meet it, so the newest rows wait a moment.
const SETTLED = sql`i.updated_at < now() - interval '2 seconds'`;

function filterConditions(filter: InvoiceFilter, today: string): (Sql | null)[] {
  const { statusIn, overdue, organizationId, customerId, number } = filter;
  return [
    statusIn ? sql`i.status = ANY(${statusIn}::text[])` : null,
    isGiven(overdue) ? overdueCondition(overdue, today) : null,
    isGiven(organizationId) ? sql`i.organization_id = ${uuidOf('Organization', organizationId)}` : null,
    isGiven(customerId) ? sql`i.customer_id = ${uuidOf('User', customerId)}` : null,
    isGiven(number) ? sql`i.number = ${number}` : null,
    ...rangeConditions(sql`i.issued_on`, sql`::date`, filter.issuedOn),
    ...rangeConditions(sql`i.updated_at`, sql`::timestamptz`, filter.updatedAt),
  ];
}

// The state stands in the text, not in a parameter: it makes the partial index on open invoices usable under any plan.
function overdueCondition(overdue: boolean, today: string): Sql {
  return overdue
    ? sql`i.status = 'OPEN' AND i.due_on < ${today}::date`
    : sql`(i.status <> 'OPEN' OR i.due_on >= ${today}::date)`;
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
