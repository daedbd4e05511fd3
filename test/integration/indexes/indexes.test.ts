import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Statement } from '../../kit/graph.ts';
import type { ListPath, SinglePath } from './access-path.ts';
import { SEED_TIMEOUT_MS, startIndexWorld } from './index-world.ts';
import type { CallerName, IndexWorld } from './index-world.ts';
import { listPaths } from './list-paths.ts';
import { indexesOf, unboundedSorts, wholeTableReads } from '../../kit/plan.ts';
import type { PlanNode } from '../../kit/plan.ts';
import { findSamples } from './samples.ts';
import type { Samples } from './samples.ts';
import { singlePaths } from './single-paths.ts';

let world: IndexWorld;
let samples: Samples;
let uniqueIndexes: Set<string>;
beforeAll(async () => {
  world = await startIndexWorld();
  samples = await findSamples(world.database);
  const unique = await world.database.query<{ name: string }>(
    `SELECT i.relname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
      WHERE x.indisunique AND x.indnkeyatts = 1 AND x.indpred IS NULL`,
  );
  uniqueIndexes = new Set(unique.map(({ name }) => name));
}, SEED_TIMEOUT_MS);
afterAll(() => world[Symbol.asyncDispose]());

interface Answer {
  data: Record<string, unknown>;
  statements: Statement[];
}

async function ask(as: CallerName, query: string, variables?: Record<string, unknown>): Promise<Answer> {
  world.graph.takeTraffic();
  const { data, errors } = await world.graph.ask({ query, variables, as: world.as[as] });
  // Some callers may not see some of what they ask for; the statements are sent all the same.
  const wrong = errors?.filter(({ extensions }) => !['NOT_FOUND', 'FORBIDDEN'].includes(String(extensions?.code)));
  expect(wrong ?? [], query).toEqual([]);
  return { data: data ?? {}, statements: world.graph.takeTraffic().statements };
}

const isPage = ({ text }: Statement) => text.includes(' LIMIT ');
const isCount = ({ text }: Statement) => text.includes('count(*)');

/** Pages from either end and on either side of a place in the middle, the first one with its count. */
async function readList({ as, field, args = '', below }: ListPath): Promise<Statement[]> {
  const page = (bounds: string) => {
    const list = `${field}(${args} ${bounds}) { pageInfo { endCursor } ${bounds === 'first: 20' ? 'totalCount' : ''} }`;
    return below ? `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${below.type} { ${list} } } }` : `{ ${list} }`;
  };
  const read = (bounds: string) => ask(as, page(bounds), below && { ids: below.ids });
  const first = await read('first: 20');
  type Connection = { pageInfo: { endCursor: string | null } } | null;
  const lists = below
    ? (first.data.nodes as (Record<string, Connection> | null)[]).map((parent) => parent?.[field])
    : [first.data[field] as Connection];
  const cursor = lists.map((list) => list?.pageInfo.endCursor).find(Boolean);
  const answers = [first, await read('last: 20')];
  if (cursor) answers.push(await read(`first: 20 after: "${cursor}"`), await read(`last: 20 before: "${cursor}"`));
  return answers.flatMap(({ statements }) => statements);
}

const describeNode = (node: PlanNode): string =>
  `${node['Node Type']}${node['Relation Name'] ? ` on ${node['Relation Name']}` : ''} (about ${node['Plan Rows']} rows)`;

/** What is wrong with the plan of a statement, if anything. */
async function flawsOf(statement: Statement, { sortsMatches, countsAll }: Partial<ListPath>): Promise<string[]> {
  const plan = await world.explain(statement);
  const kind = isCount(statement) ? 'count' : isPage(statement) ? 'page' : 'load';
  const flaws: string[] = [];
  if (!(countsAll && kind === 'count'))
    flaws.push(...wholeTableReads(plan).map((node) => `reads a whole table: ${describeNode(node)}`));
  if (kind === 'page' && !sortsMatches)
    flaws.push(
      ...unboundedSorts(plan, uniqueIndexes).map(
        (node) => `does not read in index order: ${node['Node Type']} of ${describeNode(node.Plans![0]!)}`,
      ),
    );
  return flaws.map((flaw) => `${statement.subgraph} ${kind} ${flaw}`);
}

async function missingIndexes(statements: readonly Statement[], indexes: readonly string[]): Promise<string[]> {
  const used: string[] = [];
  for (const statement of statements) used.push(...indexesOf(await world.explain(statement)));
  return indexes
    .filter((index) => !used.includes(index))
    .map((index) => `does not use ${index}, but ${used.join(', ')}`);
}

async function flawsOfList(path: ListPath): Promise<string[]> {
  const statements = await readList(path);
  const flaws: string[] = [];
  for (const statement of statements) {
    flaws.push(...(await flawsOf(statement, path)));
    if (isPage(statement)) flaws.push(...(await missingIndexes([statement], path.indexes)));
  }
  const name = `${path.below?.type ?? 'Query'}.${path.field}(${path.args ?? ''}) as ${path.as}`;
  return [...new Set(flaws)].map((flaw) => `${name}: ${flaw}`);
}

async function flawsOfSingle({ as, query, indexes, anyOf = [] }: SinglePath): Promise<string[]> {
  const { statements } = await ask(as, query);
  const flaws = await missingIndexes(statements, indexes);
  const unused = await missingIndexes(statements, anyOf);
  if (unused.length === anyOf.length) flaws.push(...unused);
  for (const statement of statements) flaws.push(...(await flawsOf(statement, {})));
  return flaws.map((flaw) => `${query} as ${as}: ${flaw}`);
}

describe('the graph reads by index', () => {
  test('every list, in every order and with every filter', async () => {
    const flaws: string[] = [];
    for (const path of listPaths(samples)) flaws.push(...(await flawsOfList(path)));
    expect(flaws).toEqual([]);
  }, 240_000);

  test('every object, and what hangs on it', async () => {
    const flaws: string[] = [];
    for (const path of singlePaths(samples)) flaws.push(...(await flawsOfSingle(path)));
    expect(flaws).toEqual([]);
  }, 120_000);

  // What every subgraph keeps for its events, keys and records is no list of anybody.
  test('no index is there without somebody who needs it', async () => {
    const indexes = await world.database.query<{ name: string }>(
      `SELECT i.relname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE i.relnamespace = ANY (ARRAY['users', 'orders', 'billing']::regnamespace[]) AND NOT x.indisunique
          AND x.indrelid::regclass::text !~ '[.](outbox|inbox|dead_letters|idempotency_keys|audit_log)$'`,
    );
    const named = [...listPaths(samples), ...singlePaths(samples)].flatMap((path) => path.indexes);
    const unused = indexes.map(({ name }) => name).filter((name) => !named.includes(name));
    expect(unused.sort()).toEqual(Object.keys(OTHER_REASONS).sort());
  });
});

/** Indexes that serve something else than what the graph shows. */
const OTHER_REASONS: Record<string, string> = {
  ledger_entries_sub_account: 'proof of a balance',
  membership_copies_members: 'whether somebody who was named may be the buyer',
  order_lines_variant: 'removal of a variant',
  order_sagas_deadline: 'orders whose next step is overdue',
  payment_methods_plain: 'tokens that are not encrypted yet',
  payments_created: 'list of payments',
  payments_ask: 'payments that the provider has to be asked about',
  provider_events_received: 'clearing of what the payment provider told',
  refunds_ask: 'refunds that the provider has to be asked about',
  return_lines_order_line: 'removal of a line',
  shipment_lines_order_line: 'removal of a line',
  users_created_at: 'list of people',
  users_display_name: 'list of people',
  users_display_name_search: 'search of people',
  users_email_search: 'search of people',
};
