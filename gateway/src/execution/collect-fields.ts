import { Kind } from 'graphql';
import type {
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';

import { appliesTo } from './type-conditions.ts';

// Which fields an operation asks of an object of one type, as the GraphQL specification's CollectFields has it: by response name,
// in the order of the operation, fragments spread out, conditions decided.

export interface Conditions {
  /** Value of a variable in `@skip(if:)`, `@include(if:)` or `@defer(if:)`. */
  isTrue: (variable: string) => boolean;
}

/** What decides which selections count. */
export interface Selecting extends Conditions {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** A fragment that is delivered later is left out and handed over here. Without it `@defer` is as good as absent. */
  onDefer?: ((fragment: DeferredFragment) => void) | undefined;
  /** Of an object only an interface is known, and a fragment that is for some of its types. It is left out. */
  onUndecided?: (() => void) | undefined;
}

export interface DeferredFragment {
  label: string | undefined;
  selectionSet: SelectionSetNode;
}

/** Fields to be answered under one name; of several, the selection sets are merged. */
export type CollectedFields = ReadonlyMap<string, readonly FieldNode[]>;

export function isIntrospectionField({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
}

export function collectFields(
  selectionSets: readonly SelectionSetNode[],
  type: GraphQLCompositeType,
  selecting: Selecting,
): CollectedFields {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<FragmentDefinitionNode>();
  for (const selectionSet of selectionSets) collectInto(fields, { selectionSet, type, visited, selecting });
  return fields;
}

interface Collecting {
  selectionSet: SelectionSetNode;
  type: GraphQLCompositeType;
  visited: Set<FragmentDefinitionNode>;
  selecting: Selecting;
}

function collectInto(fields: Map<string, FieldNode[]>, { selectionSet, type, visited, selecting }: Collecting): void {
  for (const selection of selectionSet.selections) {
    if (!isSelected(selection.directives, selecting)) continue;
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const known = fields.get(name);
      if (known) known.push(selection);
      else fields.set(name, [selection]);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : selecting.fragments.get(selection.name.value);
    if (!fragment) continue;
    const condition = fragment.typeCondition?.name.value;
    if (condition !== undefined) {
      const applies = appliesTo(selecting.schema, type, condition);
      if (applies === null) selecting.onUndecided?.();
      if (!applies) continue;
    }
    const deferred = deferredFragment(selection.directives, fragment.selectionSet, selecting);
    if (deferred) {
      selecting.onDefer?.(deferred);
      continue;
    }
    if (fragment.kind === Kind.FRAGMENT_DEFINITION) {
      if (visited.has(fragment)) continue;
      visited.add(fragment);
    }
    collectInto(fields, { selectionSet: fragment.selectionSet, type, visited, selecting });
  }
}

export function isSelected(directives: readonly DirectiveNode[] | undefined, selecting: Conditions): boolean {
  if (directives === undefined || directives.length === 0) return true;
  return !conditionOf('skip', directives, selecting, false) && conditionOf('include', directives, selecting, true);
}

function deferredFragment(
  directives: readonly DirectiveNode[] | undefined,
  selectionSet: SelectionSetNode,
  selecting: Selecting,
): DeferredFragment | null {
  const defer = selecting.onDefer && directives?.find(({ name }) => name.value === 'defer');
  if (!defer || !conditionOf('defer', [defer], selecting, true)) return null;
  const label = defer.arguments?.find(({ name }) => name.value === 'label')?.value;
  return { label: label?.kind === Kind.STRING ? label.value : undefined, selectionSet };
}

function conditionOf(
  directiveName: string,
  directives: readonly DirectiveNode[],
  { isTrue }: Conditions,
  fallback: boolean,
): boolean {
  const directive = directives.find(({ name }) => name.value === directiveName);
  const value = directive?.arguments?.find(({ name }) => name.value === 'if')?.value;
  if (value?.kind === Kind.BOOLEAN) return value.value;
  return value?.kind === Kind.VARIABLE ? isTrue(value.name.value) : fallback;
}

/** Names of the variables that decide which selections of an operation count. */
export function conditionVariables(selectionSets: readonly SelectionSetNode[]): readonly string[] {
  const names = new Set<string>();
  const visitSet = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      for (const { name, arguments: given = [] } of selection.directives ?? []) {
        if (!['skip', 'include', 'defer'].includes(name.value)) continue;
        for (const { name: argument, value } of given)
          if (argument.value === 'if' && value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) visitSet(selection.selectionSet);
    }
  };
  for (const each of selectionSets) visitSet(each);
  return [...names].sort();
}
