import { Kind } from 'graphql';
import type { DocumentNode, FieldNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

import type { ResponsePath } from './plan-index.ts';

// A plan fetches more than the client asked for: keys, and the fields that other fields require. A path into those says nothing
// to a client, so it is cut where it leaves the client's own operation.

export interface ClientOperation {
  /** The longest beginning of `path` that the client's operation selects. */
  visiblePart(path: ResponsePath): ResponsePath;
}

/** `operationName` picks among several operations, as it does in a request. */
export function readClientOperation(document: DocumentNode, operationName: string | undefined): ClientOperation {
  const operation = document.definitions.find((each) => {
    return (
      each.kind === Kind.OPERATION_DEFINITION && (operationName === undefined || each.name?.value === operationName)
    );
  });
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of document.definitions)
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);

  return {
    visiblePart(path) {
      let selectionSets = operation?.kind === Kind.OPERATION_DEFINITION ? [operation.selectionSet] : [];
      let length = 0;
      for (const part of path) {
        if (typeof part === 'string') {
          const fields = selectionSets.flatMap((each) => fieldsNamed(part, each, fragments));
          if (fields.length === 0) break;
          selectionSets = fields.flatMap((field) => field.selectionSet ?? []);
        }
        length += 1;
      }
      return path.slice(0, length);
    },
  };
}

/** Fields that answer under `responseName`, whatever type they are asked of. */
function fieldsNamed(
  responseName: string,
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly FieldNode[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD)
      return (selection.alias ?? selection.name).value === responseName ? [selection] : [];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsNamed(responseName, selection.selectionSet, fragments);
    const fragment = fragments.get(selection.name.value);
    return fragment ? fieldsNamed(responseName, fragment.selectionSet, fragments) : [];
  });
}
