import type { Logger } from '@tributary/kit/logger';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { GuardedOperation } from '../authorization/authorization.ts';
import type { OperationInDocument } from '../authorization/filter-operation.ts';
import { grantedPolicies } from '../authorization/policy-decision.ts';
import type { DecidePolicies } from '../authorization/policy-decision.ts';
import type { Supergraph } from '../supergraph.ts';
import { heldLabels } from './override-decision.ts';
import type { DecideOverrides } from './override-decision.ts';

// One operation may have several plans: callers have different rights, and `@override` may send a field here or there. What decides is
// found once per operation; which of its variants a request gets is decided for each request.

/** What decides about the plan of one operation. */
export interface OperationFacts {
  /** Null when it asks nothing of its callers. */
  guarded: GuardedOperation | null;
  /** Labels of `@override` that matter to it. */
  labels: readonly string[];
  /** Equal texts: variants of one are variants of the other. */
  signature: string;
}

export interface OperationVariant {
  /** Which requirements are met. */
  verdict: string;
  /** Which of the labels hold. */
  labels: readonly string[];
}

export interface VariantDeps {
  policies?: DecidePolicies | undefined;
  overrides?: DecideOverrides | undefined;
  logger: Pick<Logger, 'error'>;
}

export function factsOf({ authorization, overrideLabels }: Supergraph, operation: OperationInDocument): OperationFacts {
  const guarded = authorization.guard(operation);
  const labels = overrideLabels.relevantTo(operation.document);
  return { guarded, labels, signature: JSON.stringify([guarded?.signature ?? null, labels]) };
}

/** For whoever may have everything, with every field where it was. */
export function wholeVariantOf({ guarded }: OperationFacts): OperationVariant {
  return guarded ? { verdict: guarded.fullVerdict, labels: [] } : onlyVariant;
}

const onlyVariant: OperationVariant = { verdict: '', labels: [] };

/** Which variant a request gets. Rejects when policies cannot be decided. */
export async function variantFor(
  { guarded, labels }: OperationFacts,
  call: SubgraphCall,
  { policies, overrides, logger }: VariantDeps,
): Promise<OperationVariant> {
  if (!guarded && labels.length === 0) return onlyVariant;
  const verdict = guarded && (await verdictFor(guarded, call, { policies, logger }));
  const held = await heldLabels(labels, { call, decide: overrides, logger });
  return { verdict: verdict ?? '', labels: labels.filter((label) => held.has(label)) };
}

/** Whether the caller of a subscription still meets what it met when that began. Roles and scopes are looked at elsewhere. */
export async function keepsPolicies(
  { guarded }: OperationFacts,
  { verdict }: OperationVariant,
  call: SubgraphCall,
  deps: VariantDeps,
): Promise<boolean> {
  if (!guarded || guarded.policies.length === 0) return true;
  return (await verdictFor(guarded, call, deps)) === verdict;
}

async function verdictFor(
  guarded: GuardedOperation,
  call: SubgraphCall,
  { policies, logger }: Omit<VariantDeps, 'overrides'>,
): Promise<string> {
  const { principal } = call;
  return guarded.verdict({
    isAuthenticated: principal !== null,
    scopes: principal?.scopes ?? [],
    policies: await grantedPolicies(guarded.policies, { call, decide: policies, logger }),
  });
}

export function variantKey({ verdict, labels }: OperationVariant): string {
  return labels.length === 0 ? verdict : `${verdict} ${JSON.stringify(labels)}`;
}
