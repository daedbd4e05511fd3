import { HeaderMap } from '@apollo/server';
import { GraphQLError, Kind, OperationTypeNode, visit } from 'graphql';
import type {
  DirectiveNode,
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

import type { OperationInDocument } from '../authorization/filter-operation.ts';
import { fragmentsOf } from '../execution/collect-fields.ts';
import { conditionsOf } from '../execution/operation-shapes.ts';

// An operation with `@defer` is planned in two ways: whole, as if the directive were not there, and in parts. For the parts each
// deferred fragment gets a label of its own, by which plan and answer find each other; the client's own labels need not be there, and
// stand in several places where a fragment is spread several times.

/** An operation that can be answered in parts. */
export interface DeferringOperation {
  operation: OperationInDocument;
  /** From the label of each deferred fragment to the client's. */
  partLabels: ReadonlyMap<string, string | undefined>;
  /** Whether, with these variables, anything is to be delivered later. */
  isDeferring: (variables: Readonly<Record<string, unknown>>) => boolean;
}

const DEFER = 'defer';

/** Null when nothing is deferred. Throws a `GraphQLError` where `@defer` must not stand. */
export function separateDefers({ document, operation }: OperationInDocument): DeferringOperation | null {
  const definitions = fragmentsOf(document);
  const isDeferring = createSearch(definitions);
  if (!isDeferring(operation.selectionSet)) return null;
  assertAllowed(operation, definitions);

  const partLabels = new Map<string, string | undefined>();
  const conditions: (string | null)[] = [];
  const label = (directives: readonly DirectiveNode[] = []): readonly DirectiveNode[] =>
    directives.flatMap((directive) => {
      if (directive.name.value !== DEFER) return [directive];
      const condition = valueOf(directive, 'if');
      if (condition?.kind === Kind.BOOLEAN && !condition.value) return [];
      conditions.push(condition?.kind === Kind.VARIABLE ? condition.name.value : null);
      const own = `part${partLabels.size}`;
      partLabels.set(own, labelOf(directive));
      return [withLabel(directive, own)];
    });
  const separate = (selectionSet: SelectionSetNode): SelectionSetNode => ({
    ...selectionSet,
    selections: selectionSet.selections.map(separateSelection),
  });
  const separateSelection = (selection: SelectionNode): SelectionNode => {
    if (selection.kind === Kind.FIELD)
      return selection.selectionSet ? { ...selection, selectionSet: separate(selection.selectionSet) } : selection;
    const directives = label(selection.directives);
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return { ...selection, directives, selectionSet: separate(selection.selectionSet) };
    const definition = definitions.get(selection.name.value);
    if (!definition || !isDeferring(definition.selectionSet)) return { ...selection, directives };
    const { typeCondition, selectionSet } = definition;
    return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: separate(selectionSet) };
  };

  const separated = { ...operation, selectionSet: separate(operation.selectionSet) };
  const whole = [...definitions.values()].filter(({ selectionSet }) => !isDeferring(selectionSet));
  const { isTrue } = conditionsOf(operation);
  return {
    operation: { document: { kind: Kind.DOCUMENT, definitions: [separated, ...whole] }, operation: separated },
    partLabels,
    isDeferring: (variables) => conditions.some((name) => name === null || isTrue(name, variables)),
  };
}

/** The same operation without `@defer`. */
export function withoutDefers({ document, operation }: OperationInDocument): OperationInDocument {
  const index = document.definitions.indexOf(operation);
  const left: DocumentNode = visit(document, {
    Directive: ({ name }) => (name.value === DEFER ? null : undefined),
  });
  const found = left.definitions[index];
  return found?.kind === Kind.OPERATION_DEFINITION ? { document: left, operation: found } : { document, operation };
}

/** Finds out whether something within a selection set is deferred, fragments spread out. */
function createSearch(definitions: ReadonlyMap<string, FragmentDefinitionNode>) {
  const known = new Map<SelectionSetNode, boolean>();
  const search = (selectionSet: SelectionSetNode): boolean => {
    let found = known.get(selectionSet);
    if (found === undefined) {
      found = selectionSet.selections.some((selection) => {
        if (selection.directives?.some(({ name }) => name.value === DEFER)) return true;
        const inner = selectionSetOf(selection, definitions);
        return inner !== undefined && search(inner);
      });
      known.set(selectionSet, found);
    }
    return found;
  };
  return search;
}

function selectionSetOf(
  selection: SelectionNode,
  definitions: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode | undefined {
  if (selection.kind !== Kind.FRAGMENT_SPREAD) return selection.selectionSet;
  return definitions.get(selection.name.value)?.selectionSet;
}

function assertAllowed(
  { operation, selectionSet }: OperationDefinitionNode,
  definitions: ReadonlyMap<string, FragmentDefinitionNode>,
): void {
  if (operation === OperationTypeNode.SUBSCRIPTION) refuse('"@defer" cannot be used in a subscription.');
  const assertRoot = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) continue;
      const directive = selection.directives?.find(({ name }) => name.value === DEFER);
      if (directive) refuse('"@defer" cannot be used on a fragment of root fields of a mutation.', directive);
      const inner = selectionSetOf(selection, definitions);
      if (inner) assertRoot(inner);
    }
  };
  if (operation === OperationTypeNode.MUTATION) assertRoot(selectionSet);
}

function labelOf(directive: DirectiveNode): string | undefined {
  const label = valueOf(directive, 'label');
  if (label?.kind === Kind.VARIABLE) refuse('The label of "@defer" cannot be a variable.', directive);
  return label?.kind === Kind.STRING ? label.value : undefined;
}

function withLabel(directive: DirectiveNode, label: string): DirectiveNode {
  const others = (directive.arguments ?? []).filter(({ name }) => name.value !== 'label');
  const name = { kind: Kind.NAME, value: 'label' } as const;
  const value = { kind: Kind.STRING, value: label } as const;
  return { ...directive, arguments: [...others, { kind: Kind.ARGUMENT, name, value }] };
}

function valueOf(directive: DirectiveNode, name: string) {
  return directive.arguments?.find((argument) => argument.name.value === name)?.value;
}

function refuse(message: string, node?: DirectiveNode): never {
  const http = { status: 400, headers: new HeaderMap() };
  throw new GraphQLError(message, {
    ...(node && { nodes: node }),
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http },
  });
}
