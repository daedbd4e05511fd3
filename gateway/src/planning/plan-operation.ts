import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';

import type { OperationInDocument } from '../authorization/filter-operation.ts';
import type { AdaptedOperation, PlannedOperation } from '../execution/plan-executor.ts';
import type { Supergraph } from '../supergraph.ts';
import { withDecidedConditions } from './decided-conditions.ts';
import { withDirectiveDefaults } from './executable-directives.ts';
import { freeNames } from './free-names.ts';
import { inMutationOrder } from './mutation-order.ts';
import type { OperationFacts, OperationVariant, PartsFacts } from './operation-variants.ts';
import { restoreCalls } from './restore-calls.ts';

// What the planner gets to see of an operation, and what becomes of its plan: denied fields are gone, names that the planner needs itself
// are free, required calls are fields. The planner knows of none of it.

/** Throws what the planner throws. */
export function planOperation(
  supergraph: Supergraph,
  { facts, variant }: { facts: OperationFacts | PartsFacts; variant: OperationVariant },
): PlannedOperation {
  const { document, operation } = facts.planned;
  const parts = 'partLabels' in facts ? { partLabels: facts.partLabels } : {};
  const filtered = facts.guarded?.filter(variant.verdict) ?? null;
  const allowed = filtered ? filtered.planned : { document, operation };
  const free = allowed && freeNames(allowed, supergraph.reservedNames);
  const planned = free?.operation ?? allowed;
  const plan: QueryPlan = planned ? buildPlan(supergraph, planned, { facts, variant }) : { kind: 'QueryPlan' };
  if (!filtered && !free) return { plan, document, operation, ...parts };
  const adapted: AdaptedOperation = {
    ...(planned ?? filtered?.shaped ?? { document, operation }),
    denied: filtered?.denied ?? new Set(),
    names: free?.names ?? new Map(),
  };
  return { plan, ...(filtered?.shaped ?? { document, operation }), adapted, ...parts };
}

function buildPlan(
  { planner, plannerApiSchema, requiredCalls, directiveDefaults }: Supergraph,
  allowed: OperationInDocument,
  { facts, variant }: { facts: Pick<OperationFacts, 'labels'>; variant: OperationVariant },
): QueryPlan {
  const { document, operation } = withDecidedConditions(allowed, variant.conditions);
  const operationName = operation.name?.value;
  const overrideConditions = new Map(facts.labels.map((label) => [label, variant.labels.includes(label)]));
  const ordered = withDirectiveDefaults(inMutationOrder(document, operation), directiveDefaults);
  const plan = planner.buildQueryPlan(
    operationFromDocument(plannerApiSchema, ordered, operationName === undefined ? {} : { operationName }),
    { overrideConditions },
  );
  return restoreCalls(plan, requiredCalls);
}
