import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';

import { fieldsIn } from './declare.ts';
import type { FuzzGraph } from './graph.ts';

// What the reasons of known differences look for in a plan.

interface Planned {
  graph: FuzzGraph;
  answers: { plan: QueryPlan };
}

/** Whether some fetch requires all fields of two keys of a type, either of which would do. */
export function asksForTwoKeys({ graph, answers }: Planned): boolean {
  return fetchesOf(answers.plan.node).some(({ serviceName, requires = [] }) =>
    requires.some((fragment) => {
      if (fragment.kind !== 'InlineFragment') return false;
      const required = fragment.selections.flatMap((each) => (each.kind === 'Field' ? [each.name] : []));
      const keys = graph.model.objects.get(fragment.typeCondition ?? '')?.presence.get(serviceName)?.keys ?? [];
      return keys.filter(({ fields }) => fieldsIn(fields).every(({ name }) => required.includes(name))).length > 1;
    }),
  );
}

// Nothing is deferred or subscribed to here.
function fetchesOf(node: QueryPlan['node'] | PlanNode): readonly FetchNode[] {
  if (node?.kind === 'Fetch') return [node];
  if (node?.kind === 'Sequence' || node?.kind === 'Parallel') return node.nodes.flatMap(fetchesOf);
  if (node?.kind === 'Flatten') return fetchesOf(node.node);
  return node?.kind === 'Condition' ? [node.ifClause, node.elseClause].flatMap(fetchesOf) : [];
}
