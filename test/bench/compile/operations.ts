import { Kind, parse, print, separateOperations, visit } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

import type { PlannedOperation, Supergraph } from '@tributary/gateway';
import { factsOf, wholeVariantOf } from '@tributary/gateway/planning/operation-variants';
import { planOperation } from '@tributary/gateway/planning/plan-operation';
import { supergraphSdl, workloadDocument } from '@tributary/schema';

import { composeSupergraph, OPERATION } from '../gateway/graph/schema.ts';

export const GRAPHS = ['demo', 'reviews'] as const;
export type Graph = (typeof GRAPHS)[number];

export interface BenchOperation {
  graph: Graph;
  name: string;
  text: string;
}

/** Nothing is sent to it. */
const NOWHERE = 'http://127.0.0.1:9';

export function sdlOf(graph: Graph): string {
  return graph === 'demo' ? supergraphSdl() : composeSupergraph(NOWHERE);
}

/** The operations of the demo's workload, each by itself, and the one that gateways are compared on. */
export function benchOperations(): readonly BenchOperation[] {
  const workload = Object.entries(separateOperations(parse(workloadDocument())));
  return [
    ...workload.map(([name, document]) => ({ graph: 'demo' as const, name, text: print(document) })),
    { graph: 'reviews', name: 'Reviews', text: OPERATION },
  ];
}

/** Plans the operation of a document as a gateway does, for a caller who may have everything. */
export function planAsGateway(supergraph: Supergraph, document: DocumentNode): PlannedOperation {
  const facts = factsOf(supergraph, { document, operation: operationOf(document) });
  return planOperation(supergraph, { facts, variant: wholeVariantOf(facts) });
}

export function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('The document has no operation.');
  return operation;
}

/** The same operation with a field more, named after the number: to every cache it is another one. */
export function variantOf(text: string, number: number): string {
  const field = { kind: Kind.FIELD, alias: name(`variant${number}`), name: name('__typename') } as const;
  const changed = visit(parse(text), {
    OperationDefinition: (operation: OperationDefinitionNode) => ({
      ...operation,
      selectionSet: { ...operation.selectionSet, selections: [...operation.selectionSet.selections, field] },
    }),
  });
  return print(changed);
}

function name(value: string) {
  return { kind: Kind.NAME, value } as const;
}
