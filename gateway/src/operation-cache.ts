import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';

import { rejecting } from './authorization/rejection.ts';
import type { AuthorizationMode } from './authorization/rejection.ts';
import type { PlanExecutor, PreparedOperation } from './execution/plan-executor.ts';
import { factsOf, variantKey, wholeVariantOf } from './planning/operation-variants.ts';
import type { OperationFacts, OperationVariant, PartsFacts } from './planning/operation-variants.ts';
import { planOperation } from './planning/plan-operation.ts';
import type { ShareRuns } from './shared-runs.ts';
import type { Supergraph } from './supergraph.ts';

/** An operation of a validated document, under the name it is kept by. */
export interface KnownOperation {
  /** Hash of what decides the plan: the document. */
  hash: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

export interface OperationCache {
  /** What decides which variant of the operation a request gets. */
  facts(operation: KnownOperation): OperationFacts;
  /** Planned and compiled; made when it is not there. Throws what the planner throws; that is not kept. */
  prepare(operation: KnownOperation, variant: OperationVariant): PreparedOperation;
  /** Everything that is kept, the most used first. */
  mostUsed(): readonly UsedOperation[];
  /** Makes an operation that another supergraph has been using. Throws as `prepare` does. */
  adopt(used: UsedOperation): void;
  clear(): void;
}

export interface UsedOperation extends KnownOperation {
  facts: OperationFacts | PartsFacts;
  variant: OperationVariant;
  uses: number;
}

interface Entry extends UsedOperation {
  prepared: PreparedOperation;
}

// Document, plan and compiled operation take about 65 bytes for each character of the operation's text. Without a bound on the text
// a thousand of the largest operations would take gigabytes.
const MAX_AVERAGE_LENGTH = 2_000;
const MIN_LENGTH_IN_ALL = 200_000;

/** Plans and compiled operations of one supergraph, `max` at most. The least recently used go first. */
export function createOperationCache({
  supergraph,
  executor,
  authorizationMode,
  shareRuns,
  max,
}: {
  supergraph: Supergraph;
  executor: PlanExecutor;
  authorizationMode: AuthorizationMode;
  shareRuns?: ShareRuns | undefined;
  max: number;
}): OperationCache {
  const maxSize = Math.max(max * MAX_AVERAGE_LENGTH, MIN_LENGTH_IN_ALL);
  const sizeOf = ({ document }: KnownOperation) => 1 + (document.loc?.end ?? 0);
  const entries = new LRUCache<string, Entry>({ max, maxSize, sizeCalculation: sizeOf });
  const knownFacts = new LRUCache<string, OperationFacts>({ max, maxSize });

  function facts(known: KnownOperation): OperationFacts {
    const key = keyOf(known);
    let found = knownFacts.get(key);
    if (!found) {
      found = factsOf(supergraph, known);
      if (!executor.isIncremental) found = { ...found, inParts: null };
      knownFacts.set(key, found, { size: sizeOf(known) });
    }
    return found;
  }

  function factsFor(known: KnownOperation, { inParts = false }: OperationVariant): OperationFacts | PartsFacts {
    const all = facts(known);
    return inParts ? (all.inParts ?? all) : all;
  }

  function add(known: KnownOperation, variant: OperationVariant, uses: number): Entry {
    const { hash, document, operation } = known;
    const decided = { facts: factsFor(known, variant), variant };
    const planned = planOperation(supergraph, decided);
    const whole = executor.prepare(planned);
    const allowed = authorizationMode === 'reject' ? rejecting(planned, whole) : whole;
    const prepared = shareRuns ? shareRuns(operation, allowed) : allowed;
    const entry = { hash, document, operation, ...decided, uses, prepared };
    entries.set(keyOf(known, variant), entry);
    return entry;
  }

  return {
    facts,
    prepare(operation, variant) {
      const entry = entries.get(keyOf(operation, variant)) ?? add(operation, variant, 0);
      entry.uses += 1;
      return entry.prepared;
    },
    mostUsed: () => [...entries.values()].sort((one, other) => other.uses - one.uses),
    adopt({ uses, facts: before, ...operation }) {
      const { inParts = false, conditions } = operation.variant;
      const now = factsFor(operation, operation.variant);
      // Where the supergraph asks for something else now, nothing is known of who meets it.
      const variant =
        now.signature === before.signature ? operation.variant : { ...wholeVariantOf(now), inParts, conditions };
      // Half of it, so that what is used now overtakes what once was.
      if (!entries.has(keyOf(operation, variant))) add(operation, variant, Math.floor(uses / 2));
    },
    clear() {
      entries.clear();
      knownFacts.clear();
    },
  };
}

// Several operations of one document have plans of their own.
function keyOf({ hash, operation }: KnownOperation, variant?: OperationVariant): string {
  return `${hash} ${operation.name?.value ?? ''} ${variant ? variantKey(variant) : ''}`;
}
