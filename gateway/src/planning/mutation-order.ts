import { Kind, OperationTypeNode, visit } from 'graphql';
import type {
  ASTNode,
  DirectiveNode,
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

import { fragmentsOf } from '../execution/collect-fields.ts';

// Mutations run in the order in which they are selected. The planner takes up what is in named fragments before anything else, also where it finds
// the selections of such a fragment again by itself. So they are written out in their places, and the fragments are gone.

/** The document for the planner: of fragments at the root of a mutation only their conditions are left, around one field each. */
export function inMutationOrder(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const { operation: kind, selectionSet } = operation;
  if (kind !== OperationTypeNode.MUTATION) return document;
  const fragments = fragmentsOf(document);
  const writeOut = (selections: readonly SelectionNode[]): readonly SelectionNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      const fields = fragment ? writeOut(fragment.selectionSet.selections) : [];
      return fields.map((field) => under(selection.directives ?? [], field));
    });
  const ordered = { ...operation, selectionSet: { ...selectionSet, selections: writeOut(selectionSet.selections) } };
  const used = fragmentsBelow(ordered, fragments);
  return { ...document, definitions: [ordered, ...used] };
}

/** The fragments that are spread below a node, and below those. */
function fragmentsBelow(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly FragmentDefinitionNode[] {
  const found = new Set<FragmentDefinitionNode>();
  const look = (node: ASTNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || found.has(fragment)) return;
        found.add(fragment);
        look(fragment);
      },
    });
  };
  look(operation);
  return [...found];
}

function under(directives: readonly DirectiveNode[], selection: SelectionNode): SelectionNode {
  if (directives.length === 0) return selection;
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [selection] };
  return { kind: Kind.INLINE_FRAGMENT, directives, selectionSet };
}
