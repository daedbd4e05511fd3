import { Kind } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';

import { fragmentsOf } from './collect-fields.ts';
import type { ResponsePath } from './response-data.ts';

// A plan fetches more than the client asked for: keys, and the fields that other fields require. A path into those says nothing
// to a client, so it is cut where it leaves the client's own operation.

export interface ClientOperation {
  /** The longest beginning of `path` that the client's operation selects. */
  visiblePart(path: ResponsePath): ResponsePath;
}

/** `operation` is the one of `document` that is executed. */
export function readClientOperation(document: DocumentNode, operation: OperationDefinitionNode): ClientOperation {
  const fragments = fragmentsOf(document);

  return {
    visiblePart(path) {
      let selectionSets: readonly SelectionSetNode[] = [operation.selectionSet];
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
