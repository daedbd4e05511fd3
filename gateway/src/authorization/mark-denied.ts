import { Kind } from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  FragmentSpreadNode,
  InlineFragmentNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

// The operation that the answer is shaped by: the client's own, with every denied field marked. A denied fragment is written out where
// it is spread, because the same fragment may be allowed elsewhere.

export interface Marking {
  of(selectionSet: SelectionSetNode): SelectionSetNode;
  /** Every field marked so far. */
  readonly denied: ReadonlySet<FieldNode>;
}

export function createMarking(
  definitions: ReadonlyMap<string, FragmentDefinitionNode>,
  isDenied: (selection: SelectionNode) => boolean,
): Marking {
  const denied = new Set<FieldNode>();

  function mark(selectionSet: SelectionSetNode): SelectionSetNode {
    return { ...selectionSet, selections: selectionSet.selections.map(markSelection) };
  }

  function markSelection(selection: SelectionNode): SelectionNode {
    if (isDenied(selection)) return deny(selection);
    if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) return selection;
    return { ...selection, selectionSet: mark(selection.selectionSet) };
  }

  function deny(selection: SelectionNode): SelectionNode {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value === '__typename') return selection; // says no more than that the object is there
      const { selectionSet: _, ...field } = selection;
      denied.add(field);
      return field;
    }
    return denyFragment(selection);
  }

  function denyFragment(selection: FragmentSpreadNode | InlineFragmentNode): InlineFragmentNode | FragmentSpreadNode {
    const definition = selection.kind === Kind.INLINE_FRAGMENT ? selection : definitions.get(selection.name.value);
    if (!definition) return selection;
    const { typeCondition, selectionSet } = definition;
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(typeCondition && { typeCondition }),
      ...(selection.directives && { directives: selection.directives }),
      selectionSet: { ...selectionSet, selections: selectionSet.selections.map(deny) },
    };
  }

  return { of: mark, denied };
}
