/** One order of a list: the argument that asks for it, and what it means over the table. */
export interface ListSort {
  args: string;
  /** Rows that the list withholds in this order are left out. */
  condition: string;
  orderBy: string;
}

/** Orders, as rows `o`. */
export const ORDER_SORTS = bothWays('o', { PLACED_AT: 'o.placed_at', UPDATED_AT: 'o.updated_at' });

/** Invoices, as rows `i`. */
export const INVOICE_SORTS = bothWays('i', {
  CREATED_AT: 'i.created_at',
  DUE_ON: 'i.due_on',
  UPDATED_AT: 'i.updated_at',
});

function bothWays(row: string, columns: Readonly<Record<string, string>>): ListSort[] {
  return Object.entries(columns).flatMap(([field, column]) =>
    ['ASC', 'DESC'].map((direction) => ({
      args: `sort: { field: ${field}, direction: ${direction} }`,
      // Who polls by time of change is not shown what is still being written.
      condition: field === 'UPDATED_AT' ? `${column} < now() - interval '2 seconds'` : 'TRUE',
      // Drafts have neither been placed nor fallen due; they come last either way.
      orderBy: `${column} IS NULL, ${column} ${direction}, ${row}.id ${direction}`,
    })),
  );
}
