import type { Logger } from '@tributary/kit/logger';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { GuardedOperation } from '../authorization/authorization.ts';
import type { OperationInDocument } from '../authorization/filter-operation.ts';
import { grantedPolicies } from '../authorization/policy-decision.ts';
import type { DecidePolicies } from '../authorization/policy-decision.ts';
import type { Supergraph } from '../supergraph.ts';
import { heldLabels } from './override-decision.ts';
import type { DecideOverrides } from './override-decision.ts';
import { separateDefers, withoutDefers } from './separate-defers.ts';
import type { DeferringOperation } from './separate-defers.ts';

// One operation may have several plans: callers have different rights, and `@override` may send a field here or there. What decides is
// found once per operation; which of its variants a request gets is decided for each request. An operation of which parts are deferred has
// further plans, for clients that take parts.

/** What decides about the plan of one operation. */
export interface OperationFacts {
  /** What there is to plan, without `@defer`. */
  planned: OperationInDocument;
  /** The same for an answer in parts; null when nothing is deferred. */
  inParts: PartsFacts | null;
  /** Null when it asks nothing of its callers. */
  guarded: GuardedOperation | null;
  /** Labels of `@override` that matter to it. */
  labels: readonly string[];
  /** Equal texts: variants of one are variants of the other. */
  signature: string;
}

export interface PartsFacts extends Omit<OperationFacts, 'inParts'>, Pick<DeferringOperation, 'isDeferring'> {
  partLabels: DeferringOperation['partLabels'];
}

export interface OperationVariant {
  /** Which requirements are met. */
  verdict: string;
  /** Which of the labels hold. */
  labels: readonly string[];
  /** Answered in parts. */
  inParts?: boolean;
}

export interface VariantDeps {
  policies?: DecidePolicies | undefined;
  overrides?: DecideOverrides | undefined;
  logger: Pick<Logger, 'error'>;
}

/** Throws a `GraphQLError` where `@defer` must not stand. */
export function factsOf(supergraph: Supergraph, operation: OperationInDocument): OperationFacts {
  const deferring = separateDefers(operation);
  if (!deferring) return { ...plannedFactsOf(supergraph, operation), inParts: null };
  const { partLabels, isDeferring } = deferring;
  return {
    ...plannedFactsOf(supergraph, withoutDefers(operation)),
    inParts: { ...plannedFactsOf(supergraph, deferring.operation), partLabels, isDeferring },
  };
}

function plannedFactsOf({ authorization, overrideLabels }: Supergraph, planned: OperationInDocument) {
  const guarded = authorization.guard(planned);
  const labels = overrideLabels.relevantTo(planned.document);
  return { planned, guarded, labels, signature: JSON.stringify([guarded?.signature ?? null, labels]) };
}

/** For whoever may have everything, with every field where it was. */
export function wholeVariantOf({ guarded }: Pick<OperationFacts, 'guarded'>): OperationVariant {
  return guarded ? { verdict: guarded.fullVerdict, labels: [] } : onlyVariant;
}

const onlyVariant: OperationVariant = { verdict: '', labels: [] };

/** Which variant a request gets. Rejects when policies cannot be decided. */
export async function variantFor(
  { guarded, labels }: Pick<OperationFacts, 'guarded' | 'labels'>,
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

export function variantKey({ verdict, labels, inParts = false }: OperationVariant): string {
  const key = labels.length === 0 ? verdict : `${verdict} ${JSON.stringify(labels)}`;
  return inParts ? `${key} in parts` : key;
}
