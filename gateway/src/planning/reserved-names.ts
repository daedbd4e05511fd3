import type { DocumentNode, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';

import { fieldTypesOf, JOIN_FIELD, JOIN_TYPE, joinsOf, parseFieldSet } from './join-directives.ts';

/** Names under which the planner fetches fields of its own accord: of keys, of requirements, of what is taken from a context. */
export function reservedNamesOf(document: DocumentNode): ReadonlySet<string> {
  const names = new Set(['__typename']);
  const fieldSets = new Set<string>();
  for (const type of fieldTypesOf(document).values()) {
    for (const { key } of joinsOf(type, JOIN_TYPE)) if (key !== undefined) fieldSets.add(key);
    for (const field of type.fields ?? [])
      for (const { requires, contextArguments } of joinsOf(field, JOIN_FIELD)) {
        if (requires !== undefined) fieldSets.add(requires);
        for (const { selection } of contextArguments ?? []) fieldSets.add(selectionOf(selection));
      }
  }
  for (const fieldSet of fieldSets) addNames(parseFieldSet(fieldSet), names);
  return names;
}

// What follows the name of the context: `{ id }` or `... on User { id }`, one after the other.
function selectionOf(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith('{') ? trimmed.slice(1, trimmed.lastIndexOf('}')) : trimmed;
}

function addNames({ selections }: SelectionSetNode, names: Set<string>): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) names.add((selection.alias ?? selection.name).value);
    if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) addNames(selection.selectionSet, names);
  }
}
