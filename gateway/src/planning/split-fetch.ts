import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse, print, visit } from 'graphql';
import type { DocumentNode, FieldNode, OperationDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql';

import { invariant } from '@tributary/kit/invariant';

import { fragmentsOf } from '../execution/collect-fields.ts';
import type { RequiredCalls } from './required-calls.ts';

// A representation has one place for a required field. Fields of one fetch that require it with different arguments are therefore asked
// for in several fetches, each with what its own fields require.

/** One of the fetches that a fetch is split into. */
interface Part {
  /** The calls its fields require, by place. */
  calls: Map<string, string>;
  fields: Set<SelectionNode>;
}

/** The fetch itself, in nearly every case. */
export function splitFetch(node: FetchNode, calls: RequiredCalls): readonly FetchNode[] {
  if (!node.requires || callsIn(node.requires, calls).length < 2) return [node];
  const operation = readOperation(node.operation);
  const parts: Part[] = [{ calls: new Map(), fields: new Set() }];
  for (const [field, type] of entityFields(operation.selectionSet)) {
    const needed = [...(calls.byField.get(`${node.serviceName} ${type}.${field.name.value}`) ?? [])];
    let part = parts.find((each) => needed.every(([place, call]) => (each.calls.get(place) ?? call) === call));
    if (!part) parts.push((part = { calls: new Map(), fields: new Set() }));
    for (const [place, call] of needed) part.calls.set(place, call);
    part.fields.add(field);
  }
  return parts.length === 1 ? [node] : parts.map((part) => fetchOf(part, { node, operation, calls }));
}

function callsIn(selections: readonly QueryPlanSelectionNode[], calls: RequiredCalls): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'InlineFragment') return callsIn(selection.selections, calls);
    const nested = selection.selections ? callsIn(selection.selections, calls) : [];
    return calls.fields.has(selection.name) ? [selection.name, ...nested] : nested;
  });
}

/** With its fragments written out: they may hold fields of several parts. */
function readOperation(text: string): OperationDefinitionNode {
  const document = parse(text, { noLocation: true });
  const fragments = fragmentsOf(document);
  const writeOut = (node: OperationDefinitionNode): OperationDefinitionNode =>
    visit(node, {
      FragmentSpread: ({ name, directives }) => {
        const fragment = fragments.get(name.value);
        invariant(fragment, `A fetch spreads the fragment "${name.value}", which it does not define.`);
        const { typeCondition, selectionSet } = fragment;
        return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet, ...(directives && { directives }) };
      },
    });
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  invariant(operation, 'A fetch has no operation.');
  return writeOut(operation);
}

/** The fields that are asked of entities, each with the type it is asked of. */
function entityFields({ selections }: SelectionSetNode): readonly (readonly [FieldNode, string])[] {
  return selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.selectionSet ? fieldsWithin(selection.selectionSet, '') : [],
  );
}

function fieldsWithin({ selections }: SelectionSetNode, type: string): readonly (readonly [FieldNode, string])[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [[selection, type] as const];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    return fieldsWithin(selection.selectionSet, selection.typeCondition?.name.value ?? type);
  });
}

function fetchOf(
  { calls: own, fields }: Part,
  { node, operation, calls }: { node: FetchNode; operation: OperationDefinitionNode; calls: RequiredCalls },
): FetchNode {
  const ownCalls = new Set(own.values());
  const [entities] = operation.selectionSet.selections;
  invariant(entities?.kind === Kind.FIELD && entities.selectionSet, 'A fetch with requirements asks for no entities.');
  const asked = { ...entities, selectionSet: onlyFields(entities.selectionSet, fields) };
  const document = withUsedVariables({
    ...operation,
    selectionSet: { ...operation.selectionSet, selections: [asked] },
  });
  const used = variablesIn(document);
  return {
    ...node,
    operation: print(document),
    requires: [...onlyCalls(node.requires ?? [], (name) => !calls.fields.has(name) || ownCalls.has(name))],
    ...(node.variableUsages && { variableUsages: node.variableUsages.filter((name) => used.has(name)) }),
    ...(node.operationDocumentNode && { operationDocumentNode: document }),
  };
}

function onlyFields(selectionSet: SelectionSetNode, kept: ReadonlySet<SelectionNode>): SelectionSetNode {
  const selections = selectionSet.selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind !== Kind.INLINE_FRAGMENT) return kept.has(selection) ? [selection] : [];
    const inner = onlyFields(selection.selectionSet, kept);
    return inner.selections.length === 0 ? [] : [{ ...selection, selectionSet: inner }];
  });
  return { ...selectionSet, selections };
}

function onlyCalls(
  selections: readonly QueryPlanSelectionNode[],
  isKept: (name: string) => boolean,
): readonly QueryPlanSelectionNode[] {
  return selections.flatMap((selection): readonly QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field' && !isKept(selection.name)) return [];
    if (!selection.selections) return [selection];
    const inner = [...onlyCalls(selection.selections, isKept)];
    return inner.length === 0 ? [] : [{ ...selection, selections: inner }];
  });
}

// A subgraph refuses an operation with a variable that nothing uses.
function withUsedVariables(operation: OperationDefinitionNode): DocumentNode {
  const used = variablesIn(operation.selectionSet);
  const variableDefinitions = operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value));
  return {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, ...(variableDefinitions && { variableDefinitions }) }],
  };
}

function variablesIn(node: SelectionSetNode | DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(node, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}
