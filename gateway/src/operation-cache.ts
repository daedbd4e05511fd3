import { operationFromDocument } from '@apollo/federation-internals';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';

import type { PlanExecutor, PreparedOperation } from './execution/plan-executor.ts';
import type { Supergraph } from './supergraph.ts';

/** An operation of a validated document, under the name it is kept by. */
export interface KnownOperation {
  /** Hash of what decides the plan: the document. */
  hash: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

export interface OperationCache {
  /** Planned and compiled; made when it is not there. Throws what the planner throws; that is not kept. */
  prepare(operation: KnownOperation): PreparedOperation;
  /** Everything that is kept, the most used first. */
  mostUsed(): readonly UsedOperation[];
  /** Makes an operation that another supergraph has been using. Throws as `prepare` does. */
  adopt(used: UsedOperation): void;
  clear(): void;
}

export interface UsedOperation extends KnownOperation {
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
  max,
}: {
  supergraph: Supergraph;
  executor: PlanExecutor;
  max: number;
}): OperationCache {
  const entries = new LRUCache<string, Entry>({
    max,
    maxSize: Math.max(max * MAX_AVERAGE_LENGTH, MIN_LENGTH_IN_ALL),
    sizeCalculation: ({ document }) => 1 + (document.loc?.end ?? 0),
  });

  function add(known: KnownOperation, uses: number): Entry {
    const { hash, document, operation } = known;
    const operationName = operation.name?.value;
    const plan = supergraph.planner.buildQueryPlan(
      operationFromDocument(
        supergraph.plannerApiSchema,
        document,
        operationName === undefined ? {} : { operationName },
      ),
    );
    const prepared = executor.prepare({ plan, document, operation });
    const entry = { hash, document, operation, uses, prepared };
    entries.set(keyOf(known), entry);
    return entry;
  }

  return {
    prepare(operation) {
      const entry = entries.get(keyOf(operation)) ?? add(operation, 0);
      entry.uses += 1;
      return entry.prepared;
    },
    mostUsed: () => [...entries.values()].sort((one, other) => other.uses - one.uses),
    adopt({ uses, ...operation }) {
      // Half of it, so that what is used now overtakes what once was.
      if (!entries.has(keyOf(operation))) add(operation, Math.floor(uses / 2));
    },
    clear: () => entries.clear(),
  };
}

// Several operations of one document have plans of their own.
function keyOf({ hash, operation }: KnownOperation): string {
  return operation.name ? `${hash} ${operation.name.value}` : hash;
}
