import { getNamedType, isAbstractType, isCompositeType, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { FieldNode, GraphQLCompositeType, SelectionNode } from 'graphql';

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

const objectNames = (type: GraphQLCompositeType, { supergraph }: FuzzGraph): readonly string[] =>
  isAbstractType(type) ? supergraph.apiSchema.getPossibleTypes(type).map(({ name }) => name) : [type.name];

function fieldsOf(type: GraphQLCompositeType, graph: FuzzGraph): readonly Field[] {
  const { model } = graph;
  return objectNames(type, graph).flatMap((name) => [
    ...(model.objects.get(name)?.fields.values() ?? []),
    ...[...model.interfaces.values()].flatMap(({ candidates, entity }) =>
      entity && candidates.includes(name) ? [...entity.fields.values()] : [],
    ),
  ]);
}

export function isNamedLikeAnother(
  { alias, name }: FieldNode,
  parent: GraphQLCompositeType,
  graph: FuzzGraph,
): boolean {
  return (
    alias !== undefined &&
    alias.value !== name.value &&
    fieldsOf(parent, graph).some((each) => each.name === alias.value)
  );
}

export function isAlsoRequired({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return allFields(model).some((field) => {
    if (field.requires === undefined) return false;
    return new RegExp(`\\b${name.value}\\b`).test(field.requires) && hasArguments(model, name.value);
  });
}

/** The field requires another one that is required elsewhere, too. */
export function requiresShared({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  const requiring = allFields(model).filter((each) => each.requires !== undefined);
  const namesIn = (text: string) =>
    [...text.matchAll(/[a-z]\w*/g)].map(([word]) => word).filter((word) => hasArguments(model, word));
  return requiring
    .filter((each) => each.name === name.value)
    .some((each) =>
      namesIn(each.requires!).some((word) =>
        requiring.some((other) => other !== each && namesIn(other.requires!).includes(word)),
      ),
    );
}

export function isChained({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  const named = allFields(model).filter((each) => each.name === name.value);
  return named.some(({ requires }) => requires !== undefined && /\b(r\d_|j0r)/.test(requires));
}

export function isOfInterfaceObject({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return [...model.interfaces.values()].some(({ entity }) => entity?.fields.has(name.value));
}

export function isRequiring({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return allFields(model).some((each) => each.name === name.value && each.requires !== undefined);
}

export function isSharedNestedList({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  const field = model.query.get(name.value);
  return field !== undefined && field.declarations.size > 1 && field.type.startsWith('[[');
}

export const isConditional = ({ operation }: Asked): boolean => /@(skip|include)\(if: \$/.test(operation.text);

/** Some field has only selections with conditions. */
export function hasEmptiedField({ operation: { document } }: Asked): boolean {
  let found = false;
  const isConditioned = ({ directives = [], ...selection }: SelectionNode): boolean =>
    directives.length > 0 ||
    (selection.kind === Kind.INLINE_FRAGMENT && selection.selectionSet.selections.every(isConditioned)) ||
    selection.kind === Kind.FRAGMENT_SPREAD;
  visit(document, {
    Field: ({ selectionSet }) => {
      if (selectionSet?.selections.every(isConditioned)) found = true;
    },
  });
  return found;
}

const hasArguments = (model: Model, name: string): boolean =>
  allFields(model).some((each) => each.name === name && each.args.length > 0);

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
