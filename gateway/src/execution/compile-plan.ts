import type { ConditionNode, PlanNode } from '@apollo/query-planner';

import { unreachable } from '@tributary/kit/invariant';

import { compileAwaitedFetch, compileDefer } from './defer-node.ts';
import type { Step } from './execution-state.ts';
import { compileFetch } from './fetch-node.ts';
import type { FetchDeps } from './fetch-node.ts';

// Turns a plan into functions that call each other, so that a run decides nothing that the plan has already decided.

export interface CompileDeps extends FetchDeps {
  /** Value of a variable that a condition names. */
  isTrue: (variable: string, variables: Readonly<Record<string, unknown>>) => boolean;
}

const nothing = () => undefined;

/** `path`: where in the data the node belongs. */
export function compilePlan(node: PlanNode | undefined, path: readonly string[], deps: CompileDeps): Step {
  if (node === undefined) return nothing;
  switch (node.kind) {
    case 'Sequence':
      return sequence(node.nodes.map((each) => compilePlan(each, path, deps)));
    case 'Parallel':
      return parallel(node.nodes.map((each) => compilePlan(each, path, deps)));
    case 'Flatten':
      return compilePlan(node.node, [...path, ...node.path.map(String)], deps);
    case 'Condition':
      return condition(node, path, deps);
    case 'Fetch':
      return node.id === undefined
        ? compileFetch(node, path, deps)
        : compileAwaitedFetch(node.id, compileFetch(node, path, deps));
    case 'Defer':
      return compileDefer(node, (each) => compilePlan(each, path, deps));
    default:
      return unreachable(node);
  }
}

function sequence(steps: readonly Step[]): Step {
  const [only] = steps;
  if (only && steps.length === 1) return only;
  return async (state) => {
    for (const step of steps) await step(state);
  };
}

function parallel(steps: readonly Step[]): Step {
  return (state) => {
    const pending = steps.map((step) => step(state)).filter((each) => each !== undefined);
    return pending.length === 0 ? undefined : Promise.all(pending).then(nothing);
  };
}

function condition(node: ConditionNode, path: readonly string[], deps: CompileDeps): Step {
  const [yes, no] = [node.ifClause, node.elseClause].map((clause) => compilePlan(clause, path, deps));
  return (state) => (deps.isTrue(node.condition, state.variables) ? yes : no)?.(state);
}
