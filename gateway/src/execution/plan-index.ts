import type { FetchNode, PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';

import { unreachable } from '@tributary/kit/invariant';

import type { ResponsePath } from './response-data.ts';

// Apollo's executor tells a data source the text of a fetch and where in the answer it belongs, but not which node of the plan
// it comes from. The node knows more (what the fetch requires, how its answer is rewritten), so it is looked up.

type FetchesByText = ReadonlyMap<string, readonly { node: FetchNode; path: ResponsePath }[]>;

const indexes = new WeakMap<QueryPlan, FetchesByText>();

/** The node of a plan that sends `operation` for the objects at `path`; `@` in a path stands for every item of a list. */
export function findFetchNode(
  plan: QueryPlan,
  { subgraph, operation, path }: { subgraph: string; operation: string; path: ResponsePath },
): FetchNode | null {
  let index = indexes.get(plan);
  if (!index) {
    index = indexPlan(plan);
    indexes.set(plan, index);
  }
  const found = index.get(operation)?.find(({ node, path: nodePath }) => {
    return node.serviceName === subgraph && samePath(nodePath, path);
  });
  return found?.node ?? null;
}

function indexPlan(plan: QueryPlan): FetchesByText {
  const fetches = plan.node ? listFetches(plan.node, []) : [];
  return Map.groupBy(fetches, ({ node }) => node.operation);
}

function listFetches(
  node: PlanNode | SubscriptionNode,
  path: ResponsePath,
): readonly { node: FetchNode; path: ResponsePath }[] {
  switch (node.kind) {
    case 'Fetch':
      return [{ node, path }];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap((each) => listFetches(each, path));
    case 'Flatten':
      return listFetches(node.node, [...path, ...node.path]);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((each) => (each ? listFetches(each, path) : []));
    case 'Defer':
    case 'Subscription':
      return []; // the executor refuses these
    default:
      return unreachable(node);
  }
}

function samePath(a: ResponsePath, b: ResponsePath): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
