import type pg from 'pg';

import type { Statement } from './graph.ts';

/** What `EXPLAIN (FORMAT JSON)` answers. */
export interface Plan {
  Plan: PlanNode;
  'Execution Time'?: number;
}

export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Plan Rows': number;
  'Sort Key'?: string[];
  'Presorted Key'?: string[];
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

/** The plan of a statement that the graph sent, made for its own parameters by the role that `client` is connected as. */
export async function explain(
  client: pg.Client,
  { text, parameters }: Statement,
  options?: 'ANALYZE, BUFFERS',
): Promise<Plan> {
  const { rows } = await client.query<{ 'QUERY PLAN': [Plan] }>(
    `EXPLAIN (${options ? `${options}, ` : ''}FORMAT JSON) ${text}`,
    [...parameters],
  );
  return rows[0]!['QUERY PLAN'][0];
}

export function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}

/** Tables that stay as they are while the company grows. */
const FIXED_TABLES = ['ledger_accounts'];

/** Nodes that read a growing table from its first row to its last. */
export const wholeTableReads = ({ Plan: root }: Plan): PlanNode[] =>
  [...nodesOf(root)].filter(
    (node) => node['Node Type'] === 'Seq Scan' && !FIXED_TABLES.includes(node['Relation Name'] ?? ''),
  );

/** Sorts that must take in more than a few rows before they hand out the first. `uniqueIndexes`: an equality on one finds one row. */
export const unboundedSorts = ({ Plan: root }: Plan, uniqueIndexes: ReadonlySet<string>): PlanNode[] =>
  [...nodesOf(root)].filter(
    (node) => SORTS.includes(node['Node Type']) && !isTieBreaker(node) && !isBounded(node.Plans![0]!, uniqueIndexes),
  );

const SORTS = ['Sort', 'Incremental Sort'];

/** The rows come in the order of the sort key, and only those that share it are put in order by id. */
const isTieBreaker = (node: PlanNode): boolean => node['Presorted Key']?.length === node['Sort Key']!.length - 1;

// Nodes that hand out no more rows than their inputs do.
const PASSING = ['Append', 'Merge Append', 'Subquery Scan', 'Result', 'Unique', 'Nested Loop', ...SORTS];

function isBounded(node: PlanNode, uniqueIndexes: ReadonlySet<string>): boolean {
  // Limits of pages; and lists of parents, which come as a parameter.
  if (['Limit', 'Function Scan'].includes(node['Node Type'])) return true;
  if (PASSING.includes(node['Node Type'])) return (node.Plans ?? []).every((input) => isBounded(input, uniqueIndexes));
  return uniqueIndexes.has(node['Index Name'] ?? '') && (node['Index Cond'] ?? '').includes(' = ');
}

export const indexesOf = ({ Plan: root }: Plan): string[] =>
  [...nodesOf(root)].flatMap((node) => node['Index Name'] ?? []);

/** Pages of the database that a statement touched, in memory or not. */
export const buffersOf = ({ Plan: root }: Plan): number =>
  (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0);
