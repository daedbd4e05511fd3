import { Kind } from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  FragmentSpreadNode,
  InlineFragmentNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

import { invariant } from '@tributary/kit/invariant';

// The part of an operation that is planned: without what is denied. A field that loses all its selections stays, for the caller may
// have it, and is asked for its type name alone; whether it is there decides where the missing ones are null.

export interface Keeping {
  /** Null when nothing is left. */
  ofRoot(selectionSet: SelectionSetNode): SelectionSetNode | null;
  /** The fragments that what was kept so far spreads. */
  fragments(): readonly FragmentDefinitionNode[];
}

/** `isWhole`: nothing was taken out, neither here nor in a fragment that is spread here. */
interface Kept<Node> {
  node: Node;
  isWhole: boolean;
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

export function createKeeping(
  definitions: ReadonlyMap<string, FragmentDefinitionNode>,
  isDenied: (selection: SelectionNode) => boolean,
): Keeping {
  const keptDefinitions = new Map<string, Kept<FragmentDefinitionNode>>();

  function keep(selectionSet: SelectionSetNode): Kept<SelectionSetNode> {
    const kept = selectionSet.selections.map(keepSelection);
    const selections = kept.flatMap(({ node }) => node ?? []);
    const isWhole = kept.every((each) => each.isWhole);
    return { node: isWhole ? selectionSet : { ...selectionSet, selections }, isWhole };
  }

  function keepSelection(selection: SelectionNode): Kept<SelectionNode | null> {
    if (isDenied(selection)) return { node: isDeferred(selection) ? emptied(selection) : null, isWhole: false };
    switch (selection.kind) {
      case Kind.FIELD:
        return keepField(selection);
      case Kind.INLINE_FRAGMENT: {
        const { node: selectionSet, isWhole } = keep(selection.selectionSet);
        if (isWhole) return { node: selection, isWhole };
        if (selectionSet.selections.length > 0) return { node: { ...selection, selectionSet }, isWhole };
        return { node: isDeferred(selection) ? emptied(selection) : null, isWhole };
      }
      case Kind.FRAGMENT_SPREAD: {
        const { node, isWhole } = keepDefinition(selection.name.value);
        if (node.selectionSet.selections.length > 0) return { node: selection, isWhole };
        return { node: isDeferred(selection) ? emptied(selection) : null, isWhole };
      }
    }
  }

  function keepField(field: FieldNode): Kept<FieldNode> {
    if (!field.selectionSet) return { node: field, isWhole: true };
    const { node, isWhole } = keep(field.selectionSet);
    if (isWhole) return { node: field, isWhole };
    // What an object is decides which of the denied fields it would have had.
    return { node: { ...field, selectionSet: { ...node, selections: [typename, ...node.selections] } }, isWhole };
  }

  function keepDefinition(name: string): Kept<FragmentDefinitionNode> {
    let kept = keptDefinitions.get(name);
    if (!kept) {
      const definition = definitionOf(name);
      const { node: selectionSet, isWhole } = keep(definition.selectionSet);
      kept = { node: { ...definition, selectionSet }, isWhole };
      keptDefinitions.set(name, kept);
    }
    return kept;
  }

  function definitionOf(name: string): FragmentDefinitionNode {
    const definition = definitions.get(name);
    invariant(definition, `The fragment "${name}" is not defined.`);
    return definition;
  }

  // What is delivered later is waited for, even if nothing comes but denials.
  function emptied(selection: SelectionNode): InlineFragmentNode | null {
    if (selection.kind === Kind.FIELD) return null;
    const { typeCondition } = selection.kind === Kind.INLINE_FRAGMENT ? selection : definitionOf(selection.name.value);
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(typeCondition && { typeCondition }),
      ...(selection.directives && { directives: selection.directives }),
      selectionSet: { kind: Kind.SELECTION_SET, selections: [typename] },
    };
  }

  return {
    ofRoot: (selectionSet) => {
      const { node } = keep(selectionSet);
      return node.selections.length === 0 ? null : node;
    },
    fragments: () =>
      [...keptDefinitions.values()].map(({ node }) => node).filter((each) => each.selectionSet.selections.length > 0),
  };
}

function isDeferred({ directives }: FieldNode | FragmentSpreadNode | InlineFragmentNode): boolean {
  return directives?.some(({ name }) => name.value === 'defer') ?? false;
}
