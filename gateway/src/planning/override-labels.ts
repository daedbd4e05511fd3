import { isAbstractType, isObjectType, TypeInfo, visit, visitWithTypeInfo, Kind } from 'graphql';
import type { DocumentNode, GraphQLSchema, SelectionSetNode } from 'graphql';

import { fieldTypesOf, JOIN_FIELD, JOIN_TYPE, joinsOf, namedTypeOf, parseFieldSet } from './join-directives.ts';
import type { FieldsDefinitionNode } from './join-directives.ts';

// `@override(from:, label:)` moves a field from one subgraph to another for a part of the requests. Labels that cannot matter to an
// operation must not multiply its plans, so those that can are found first.

export interface OverrideLabels {
  readonly isEmpty: boolean;
  /** Labels of fields that a plan for the operation may fetch, sorted. */
  relevantTo(document: DocumentNode): readonly string[];
}

/** `schema`: the one that clients see; the document is the supergraph. */
export function readOverrideLabels(document: DocumentNode, schema: GraphQLSchema): OverrideLabels {
  const types = fieldTypesOf(document);
  const labels = new Map([...types].map(([name, type]) => [name, labelsOf(type)]));
  const isEmpty = [...labels.values()].every((each) => each.length === 0);
  const mentioned = new Map<string, readonly string[]>();
  const typesMentionedBy = (name: string): readonly string[] => {
    let found = mentioned.get(name);
    const type = types.get(name);
    if (!found) mentioned.set(name, (found = type ? typesInFieldSets(type, types) : []));
    return found;
  };

  return {
    isEmpty,
    relevantTo: (operation) => {
      if (isEmpty) return [];
      const touched = new Set<string>();
      const touch = (name: string): void => {
        if (touched.has(name)) return;
        touched.add(name);
        for (const each of [...relativesOf(name, schema), ...typesMentionedBy(name)]) touch(each);
      };
      const typeInfo = new TypeInfo(schema);
      const enter = () => {
        const parent = typeInfo.getParentType();
        if (parent) touch(parent.name);
      };
      visit(operation, visitWithTypeInfo(typeInfo, { Field: { enter } }));
      return [...new Set([...touched].flatMap((name) => labels.get(name) ?? []))].sort();
    },
  };
}

function labelsOf({ fields = [] }: FieldsDefinitionNode): readonly string[] {
  return fields.flatMap((field) => joinsOf(field, JOIN_FIELD).flatMap(({ overrideLabel }) => overrideLabel ?? []));
}

// Whoever asks an interface may be answered by any type behind it, and an interface object may answer for the type.
function relativesOf(name: string, schema: GraphQLSchema): readonly string[] {
  const type = schema.getType(name);
  if (isAbstractType(type)) return schema.getPossibleTypes(type).map((each) => each.name);
  return isObjectType(type) ? type.getInterfaces().map((each) => each.name) : [];
}

function typesInFieldSets(type: FieldsDefinitionNode, types: ReadonlyMap<string, FieldsDefinitionNode>) {
  const fieldSets = [
    ...joinsOf(type, JOIN_TYPE).flatMap(({ key }) => key ?? []),
    ...(type.fields ?? []).flatMap((field) => joinsOf(field, JOIN_FIELD).flatMap(({ requires }) => requires ?? [])),
  ];
  const found = new Set<string>();
  const walk = ({ selections }: SelectionSetNode, parent: string): void => {
    found.add(parent);
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? parent);
        continue;
      }
      const field = types.get(parent)?.fields?.find(({ name }) => name.value === selection.name.value);
      if (field) walk(selection.selectionSet, namedTypeOf(field.type));
    }
  };
  for (const fieldSet of fieldSets) walk(parseFieldSet(fieldSet), type.name.value);
  return [...found];
}
