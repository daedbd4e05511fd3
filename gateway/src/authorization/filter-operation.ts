import { Kind } from 'graphql';
import type { DocumentNode, FieldNode, OperationDefinitionNode, SelectionNode } from 'graphql';

import { fragmentsOf } from '../execution/collect-fields.ts';
import { createKeeping } from './keep-allowed.ts';
import { createMarking } from './mark-denied.ts';

// Takes out of an operation what its caller may not have. Two operations come of it: one to plan, from which the denied fields are gone,
// and one to shape the answer by, in which they still stand, marked as denied, so that each is null at its place.

/** A document and the operation of it that is meant. */
export interface OperationInDocument {
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

export interface FilteredOperation {
  /** Null when nothing of the operation is left. */
  planned: OperationInDocument | null;
  shaped: OperationInDocument;
  /** Fields of `shaped`. */
  denied: ReadonlySet<FieldNode>;
}

export function filterOperation(
  { document, operation }: OperationInDocument,
  isDenied: (selection: SelectionNode) => boolean,
): FilteredOperation {
  const fragments = fragmentsOf(document);
  const keeping = createKeeping(fragments, isDenied);
  const left = keeping.ofRoot(operation.selectionSet);
  const marking = createMarking(fragments, isDenied);
  const shaped = { ...operation, selectionSet: marking.of(operation.selectionSet) };
  const shapedFragments = [...fragments.values()].map((each) => ({
    ...each,
    selectionSet: marking.of(each.selectionSet),
  }));
  return {
    planned: left && inDocument({ ...operation, selectionSet: left }, keeping.fragments()),
    shaped: inDocument(shaped, shapedFragments),
    denied: marking.denied,
  };
}

function inDocument(
  operation: OperationDefinitionNode,
  fragments: readonly DocumentNode['definitions'][number][],
): OperationInDocument {
  return { document: { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }, operation };
}
