import { getNamedType, isAbstractType, isCompositeType, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { FieldNode, GraphQLCompositeType } from 'graphql';

import { selectionSet } from './declare.ts';
import type { FuzzGraph } from './graph.ts';
import type { GeneratedOperation } from './generate-operation.ts';
import type { Field, Model } from './model.ts';

// What the reasons of known differences look for in an operation and its model.

/** An operation, and the graph it is asked of. */
export interface Asked {
  graph: FuzzGraph;
  operation: GeneratedOperation;
}

/** Whether some field of the operation is of this kind. */
export type FieldTrait = (field: FieldNode, parent: GraphQLCompositeType, graph: FuzzGraph) => boolean;

export function selects({ graph, operation }: Asked, trait: FieldTrait): boolean {
  const types = new TypeInfo(graph.supergraph.apiSchema);
  let found = false;
  visit(
    operation.document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        if (parent && trait(node, parent, graph)) found = true;
      },
    }),
  );
  return found;
}

export function isChained({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  const named = allFields(model).filter((each) => each.name === name.value);
  return named.some(({ requires }) => requires !== undefined && /\b(r\d_|j0r)/.test(requires));
}

export function isOfInterfaceObject({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return [...model.interfaces.values()].some(({ entity }) => entity?.fields.has(name.value));
}

export function isNestedList({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  const named = [model.query.get(name.value), model.mutation.get(name.value), ...allFields(model)];
  return named.some((each) => each?.name === name.value && each.type.startsWith('[['));
}

export function requiresCall({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return allFields(model).some((each) => each.name === name.value && /\w+\(/.test(each.requires ?? ''));
}

export function requiresObject({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return allFields(model).some((each) => each.name === name.value && each.requires?.includes('{ '));
}

export function requiresNestedList({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  const requiring = allFields(model).filter((each) => each.name === name.value && each.requires !== undefined);
  return requiring.some(({ requires }) => {
    const names = selectionSet(requires!).selections.flatMap((each) =>
      each.kind === Kind.FIELD ? [each.name.value] : [],
    );
    return allFields(model).some((each) => names.includes(each.name) && each.type.startsWith('[['));
  });
}

export function hasAbstractFragment({ graph, operation }: Asked): boolean {
  let found = false;
  const look = (typeName: string | undefined): void => {
    const type = graph.supergraph.apiSchema.getType(typeName ?? '');
    if (isCompositeType(type) && isAbstractType(getNamedType(type))) found = true;
  };
  visit(operation.document, {
    InlineFragment: ({ typeCondition }) => look(typeCondition?.name.value),
    FragmentDefinition: ({ typeCondition }) => look(typeCondition.name.value),
  });
  return found;
}

function allFields({ objects, interfaces }: Model): readonly Field[] {
  return [
    ...[...objects.values()].flatMap(({ fields }) => [...fields.values()]),
    ...[...interfaces.values()].flatMap(({ entity }) => [...(entity?.fields.values() ?? [])]),
  ];
}
