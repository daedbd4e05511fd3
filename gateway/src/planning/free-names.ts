import { Kind, visit } from 'graphql';
import type { DocumentNode, FieldNode } from 'graphql';

import type { OperationInDocument } from '../authorization/filter-operation.ts';

// A client may give one field the name of another: `{ product { id: name } }`. The planner knows fields by the names they answer under.
// Where it needs the real `id`, it takes the one for the other, and one of both is lost. So names that it needs itself are taken away from
// such fields before planning. The answer has them again.

/** The operation under names that nobody else needs, and from each changed name of the client the one it has here. */
export interface FreeOperation {
  operation: OperationInDocument;
  names: ReadonlyMap<string, string>;
}

/** Null when no name is in the way. */
export function freeNames(
  { document, operation }: OperationInDocument,
  reserved: ReadonlySet<string>,
): FreeOperation | null {
  const taken = new Set<string>();
  const wanted = new Set<string>();
  visit(document, {
    Field: (field) => {
      const name = responseNameOf(field);
      taken.add(name);
      if (reserved.has(name) && isAnother(field, name)) wanted.add(name);
    },
  });
  if (wanted.size === 0) return null;

  const names = new Map<string, string>();
  for (const name of wanted) {
    let free = `${name}__client`;
    for (let number = 2; taken.has(free) || reserved.has(free); number += 1) free = `${name}__client${number}`;
    taken.add(free);
    names.set(name, free);
  }
  const index = document.definitions.indexOf(operation);
  const renamed = rename(document, names);
  const found = renamed.definitions[index];
  if (found?.kind !== Kind.OPERATION_DEFINITION) return null;
  return { operation: { document: renamed, operation: found }, names };
}

function isAnother({ name, arguments: given }: FieldNode, responseName: string): boolean {
  return name.value !== responseName || (given?.length ?? 0) > 0;
}

// Every field of that name gets the other one, for several may have to be merged.
function rename(document: DocumentNode, names: ReadonlyMap<string, string>): DocumentNode {
  return visit(document, {
    Field: {
      leave: (field) => {
        const free = names.get(responseNameOf(field));
        if (free === undefined || (field.name.value === '__typename' && !field.alias)) return undefined;
        return { ...field, alias: { kind: Kind.NAME, value: free } };
      },
    },
  });
}

function responseNameOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
