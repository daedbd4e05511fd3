import type { TestGraph } from './graph.ts';
import type { TokenSubject } from './issuer.ts';
import { buffersOf } from './plan.ts';
import type { Plan } from './plan.ts';
import type { Statement } from './graph.ts';

// What the first page of a list costs the database, and what a page in the middle of it does.

export interface MeasuredPage {
  list: string;
  place: 'first' | 'middle';
  /** Pages of the database that were touched. */
  buffers: number;
  executionMs: number;
}

export interface LongList {
  caller: string;
  as: TokenSubject;
  field: 'orders' | 'invoices';
  sort: string;
  /** A condition of the filter that leaves the whole list, or nearly so. */
  filter?: string;
  /** Number of the row in the middle. */
  middle: string;
}

type Query = <Row extends Record<string, unknown>>(text: string) => Promise<Row[]>;

/** The longest lists of the company, in every order: everybody's orders and invoices, and those of the person who ordered most. */
export async function findLongLists(query: Query): Promise<LongList[]> {
  const subject = async (text: string) => ({ subject: (await query<{ subject: string }>(text))[0]!.subject });
  const withRole = (role: string) =>
    subject(`SELECT u.oidc_subject AS subject FROM users.users u JOIN users.user_roles r ON r.user_id = u.id
      WHERE r.role = '${role}' AND u.oidc_subject IS NOT NULL ORDER BY u.id LIMIT 1`);
  const customer =
    await subject(`SELECT u.oidc_subject AS subject FROM users.users u JOIN orders.orders o ON o.buyer_id = u.id
    WHERE u.oidc_subject IS NOT NULL AND u.status = 'ACTIVE' AND NOT EXISTS (SELECT FROM users.memberships m WHERE m.user_id = u.id)
    GROUP BY u.id ORDER BY count(*) DESC, u.id LIMIT 1`);
  const ofCustomer = (owner: string) =>
    `${owner} = (SELECT id FROM users.users WHERE oidc_subject = '${customer.subject}')`;

  const lists: LongList[] = [];
  const add = async (
    list: Omit<LongList, 'sort' | 'middle'>,
    rows: string,
    columns: Readonly<Record<string, string>>,
  ) => {
    for (const [key, column] of Object.entries(columns)) {
      const [found] = await query<{ number: string }>(
        `SELECT number FROM ${rows} AND number IS NOT NULL ORDER BY ${column}, id
          OFFSET (SELECT count(*) / 2 FROM ${rows} AND number IS NOT NULL) LIMIT 1`,
      );
      for (const direction of ['ASC', 'DESC'])
        lists.push({ ...list, sort: `{ field: ${key}, direction: ${direction} }`, middle: found!.number });
    }
  };
  const orderKeys = { PLACED_AT: 'placed_at', UPDATED_AT: 'updated_at' };
  const invoiceKeys = { CREATED_AT: 'created_at', DUE_ON: 'due_on', UPDATED_AT: 'updated_at' };
  const support = { caller: 'support', as: await withRole('SUPPORT') };
  const finance = { caller: 'finance', as: await withRole('FINANCE') };
  const most = { caller: 'the customer with most orders', as: customer };
  await add({ ...support, field: 'orders' }, 'orders.orders WHERE TRUE', orderKeys);
  // Bounds of the filter on either side, next to the one that a cursor sets.
  for (const time of ['placedAt', 'updatedAt'] as const)
    for (const bound of ['from: "2000-01-01T00:00:00.000Z"', 'to: "2100-01-01T00:00:00.000Z"'])
      await add({ ...support, field: 'orders', filter: `${time}: { ${bound} }` }, 'orders.orders WHERE TRUE', {
        ...(time === 'placedAt' ? { PLACED_AT: 'placed_at' } : { UPDATED_AT: 'updated_at' }),
      });
  await add({ ...finance, field: 'invoices' }, 'billing.invoices WHERE TRUE', invoiceKeys);
  await add({ ...most, field: 'orders' }, `orders.orders WHERE ${ofCustomer('buyer_id')}`, orderKeys);
  await add({ ...most, field: 'invoices' }, `billing.invoices WHERE ${ofCustomer('customer_id')}`, invoiceKeys);
  return lists;
}

/** Reads both pages through the graph, and runs the very statements they took once more, counted. */
export async function measurePages(
  graph: TestGraph,
  explain: (statement: Statement) => Promise<Plan>,
  { caller, as, field, sort, filter = '', middle }: LongList,
  size: number,
): Promise<MeasuredPage[]> {
  const read = async (args: string) => {
    graph.takeTraffic();
    const { data, errors } = await graph.ask({
      query: `{ ${field}(sort: ${sort}, ${args}) { nodes { number } pageInfo { startCursor } } }`,
      as,
    });
    if (errors) throw new Error(JSON.stringify(errors));
    const { statements } = graph.takeTraffic();
    const page = statements.find(({ subgraph, text }) => subgraph !== 'users' && text.includes(' LIMIT '));
    const { nodes, pageInfo } = data![field] as { nodes: unknown[]; pageInfo: { startCursor: string } };
    return { statement: page!, rows: nodes.length, cursor: pageInfo.startCursor };
  };
  // A cursor is bound to list and sort, not to the filter: so the place of any row is one page away.
  const { cursor } = await read(`filter: { ${filter} number: ${JSON.stringify(middle)} }, first: 1`);
  const pages = [
    ['first', await read(`filter: { ${filter} }, first: ${size}`)],
    ['middle', await read(`filter: { ${filter} }, first: ${size}, after: "${cursor}"`)],
  ] as const;
  const measured: MeasuredPage[] = [];
  for (const [place, { statement, rows }] of pages) {
    if (rows !== size) throw new Error(`The ${place} page of "${field}" for ${caller} has ${rows} rows.`);
    await explain(statement); // brings the pages into memory
    const plan = await explain(statement);
    measured.push({
      list: `${[field, orderOf(sort), filter].filter(Boolean).join(' ')}, for ${caller}`,
      place,
      buffers: buffersOf(plan),
      executionMs: plan['Execution Time']!,
    });
  }
  return measured;
}

const orderOf = (sort: string) => [...sort.matchAll(/[A-Z_]{3,}/g)].map(([word]) => word).join(' ');
