import type {
  FetchDataKeyRenamer,
  FetchNode,
  PlanNode,
  QueryPlan,
  QueryPlanSelectionNode,
  SubscriptionNode,
} from '@apollo/query-planner';
import { Kind, parse, print, visit } from 'graphql';
import type { DocumentNode } from 'graphql';

import { unreachable } from '@tributary/kit/invariant';

import type { RequiredCalls } from './required-calls.ts';
import { splitFetch } from './split-fetch.ts';

// The planner took each required call for a field of its own. Here the real fields come back: a fetch calls them under the name of the
// call as alias, a representation carries them under their real names, and two calls that would need the same name there go in two
// fetches.

export function restoreCalls(plan: QueryPlan, calls: RequiredCalls): QueryPlan {
  if (calls.fields.size === 0 || !plan.node) return plan;
  return {
    ...plan,
    node: plan.node.kind === 'Subscription' ? restoreSubscription(plan.node, calls) : restoreNode(plan.node, calls),
  };
}

function restoreSubscription(node: SubscriptionNode, calls: RequiredCalls): SubscriptionNode {
  return {
    ...node,
    primary: restoreFetch(node.primary, calls),
    ...(node.rest && { rest: restoreNode(node.rest, calls) }),
  };
}

function restoreNode(node: PlanNode, calls: RequiredCalls): PlanNode {
  switch (node.kind) {
    case 'Fetch': {
      const [only, ...others] = splitFetch(node, calls).map((each) => restoreFetch(each, calls));
      return only && others.length === 0 ? only : { kind: 'Parallel', nodes: only ? [only, ...others] : [] };
    }
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((each) => restoreNode(each, calls)) };
    case 'Flatten':
      return { ...node, node: restoreNode(node.node, calls) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause && { ifClause: restoreNode(node.ifClause, calls) }),
        ...(node.elseClause && { elseClause: restoreNode(node.elseClause, calls) }),
      };
    case 'Defer':
      return {
        ...node,
        primary: { ...node.primary, ...(node.primary.node && { node: restoreNode(node.primary.node, calls) }) },
        deferred: node.deferred.map((each) => ({
          ...each,
          ...(each.node && { node: restoreNode(each.node, calls) }),
        })),
      };
    default:
      return unreachable(node);
  }
}

function restoreFetch(node: FetchNode, { fields }: RequiredCalls): FetchNode {
  const renamed = node.requires ? renamers(node.requires, [], fields) : [];
  const called = parse(node.operation, { noLocation: true });
  const operation = restoreDocument(called, fields);
  return {
    ...node,
    ...(operation !== called && { operation: print(operation) }),
    ...(operation !== called && node.operationDocumentNode && { operationDocumentNode: operation }),
    ...(renamed.length > 0 && { inputRewrites: [...(node.inputRewrites ?? []), ...renamed] }),
  };
}

function restoreDocument(document: DocumentNode, fields: RequiredCalls['fields']): DocumentNode {
  return visit(document, {
    Field: (node) => {
      const real = fields.get(node.name.value);
      if (real === undefined) return undefined;
      return { ...node, alias: node.alias ?? node.name, name: { kind: Kind.NAME, value: real } };
    },
  });
}

function renamers(
  selections: readonly QueryPlanSelectionNode[],
  path: readonly string[],
  fields: RequiredCalls['fields'],
): readonly FetchDataKeyRenamer[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'InlineFragment') {
      const { typeCondition } = selection;
      return renamers(selection.selections, typeCondition ? [...path, `... on ${typeCondition}`] : path, fields);
    }
    const place = [...path, selection.name];
    const nested = selection.selections ? renamers(selection.selections, place, fields) : [];
    const real = fields.get(selection.name);
    const own: readonly FetchDataKeyRenamer[] =
      real === undefined ? [] : [{ kind: 'KeyRenamer', path: place, renameKeyTo: real }];
    return [...nested, ...own]; // from the inside out, for the outer one changes the way to the inner
  });
}
