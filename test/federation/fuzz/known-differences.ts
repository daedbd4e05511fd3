import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { FieldNode, GraphQLCompositeType } from 'graphql';

import type { Difference } from './compare.ts';
import { selectionSet } from './declare.ts';
import type { Answers, FuzzGraph } from './graph.ts';
import type { GeneratedOperation } from './generate-operation.ts';
import type { Field, Model } from './model.ts';
import { canonical } from './world.ts';

// Differences that have a reason, and the reason is not the engine. Where the plan is wrong, the stock executor is just as wrong with it:
// an excuse of that kind holds only if it gives the very same data.

export interface Case {
  graph: FuzzGraph;
  operation: GeneratedOperation;
  answers: Answers;
  differences: readonly Difference[];
}

interface KnownDifference {
  reason: string;
  matches: (found: Case) => boolean;
}

const isPlans = ({ answers: { ours, stock, plain } }: Case): boolean =>
  JSON.stringify(ours.data) === JSON.stringify(stock.data) || JSON.stringify(stock.data) !== JSON.stringify(plain.data);
const isStocks = ({ differences }: Case): boolean => differences.every(({ kind }) => kind.startsWith('stock'));

export const knownDifferences: readonly KnownDifference[] = [
  {
    reason: 'the planner mixes up an alias with the field of that name that it needs itself',
    matches: (found) => isPlans(found) && selects(found, isNamedLikeAnother),
  },
  {
    reason: 'the planner mixes up two selections of a field with different arguments, one of them in @requires',
    matches: (found) => isPlans(found) && (selects(found, isAlsoRequired) || selects(found, requiresShared)),
  },
  {
    reason: 'the planner asks for a field with @requires before it has what is required',
    matches: (found) => isPlans(found) && selects(found, isChained),
  },
  {
    reason: 'the planner moves what is in fragments in front of the other fields of a mutation',
    matches: (found) => isPlans(found) && isMutationWithFragments(found),
  },
  {
    reason: 'the stock executor does not look for required fields in lists of lists',
    matches: (found) => isStocks(found) && selects(found, requiresNestedList),
  },
  {
    reason: 'the stock executor answers fields of equal fragments together',
    matches: (found) => isStocks(found) && canonical(found.answers.ours.data) === canonical(found.answers.stock.data),
  },
  {
    reason: 'the stock executor leaves out fields in fragments on abstract types where the data has no __typename',
    matches: (found) => isStocks(found) && selects(found, (field) => isAbstractFragmentIn(field, found)),
  },
  {
    reason: 'the stock executor takes the name of an interface for the type of an object',
    matches: (found) => isStocks(found) && selects(found, isOfInterfaceObject),
  },
  {
    reason: 'the planner thinks that nothing is selected where conditions leave nothing of an object',
    matches: ({ answers }) =>
      answers.ours.errors !== undefined && !answers.plain.errors && JSON.stringify(answers.plain.data).includes('{}'),
  },
];

export const knownRefusals: readonly { reason: string; message: RegExp }[] = [
  {
    reason: 'the planner fails where a field with @requires is added to an interface',
    message: /^Cannot add fragment of condition "T\d" \(runtimes: .*\) to parent type "T\d"/,
  },
  {
    reason: 'the planner fails on __typename of an interface that another subgraph declares as an object',
    message: /^We should have an edge from J0\(\w+\) for __typename/,
  },
  {
    reason: 'the planner fails where conditions exclude each other',
    message: /adding it as parent would create a cycle/,
  },
];

/** Fields with the type they are selected on. */
function selects(
  { graph, operation }: Case,
  test: (field: FieldNode, parent: GraphQLCompositeType, graph: FuzzGraph) => boolean,
): boolean {
  const types = new TypeInfo(graph.supergraph.apiSchema);
  let found = false;
  visit(
    operation.document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        if (parent && test(node, parent, graph)) found = true;
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

function isNamedLikeAnother({ alias, name }: FieldNode, parent: GraphQLCompositeType, graph: FuzzGraph): boolean {
  return (
    alias !== undefined &&
    alias.value !== name.value &&
    fieldsOf(parent, graph).some((each) => each.name === alias.value)
  );
}

function isAlsoRequired({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return allFields(model).some((field) => {
    if (field.requires === undefined) return false;
    return new RegExp(`\\b${name.value}\\b`).test(field.requires) && hasArguments(model, name.value);
  });
}

/** The field requires another one that is required elsewhere, too. */
function requiresShared({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
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

function isChained({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  const named = allFields(model).filter((each) => each.name === name.value);
  return named.some(({ requires }) => requires !== undefined && /\b(r\d_|j0r)/.test(requires));
}

function isOfInterfaceObject({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return [...model.interfaces.values()].some(({ entity }) => entity?.fields.has(name.value));
}

const hasArguments = (model: Model, name: string): boolean =>
  allFields(model).some((each) => each.name === name && each.args.length > 0);

function requiresNestedList({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  const requiring = allFields(model).filter((each) => each.name === name.value && each.requires !== undefined);
  return requiring.some(({ requires }) => {
    const names = selectionSet(requires!).selections.flatMap((each) =>
      each.kind === Kind.FIELD ? [each.name.value] : [],
    );
    return allFields(model).some((each) => names.includes(each.name) && each.type.startsWith('[['));
  });
}

function isAbstractFragmentIn(field: FieldNode, { graph, operation }: Case): boolean {
  const conditions = JSON.stringify([field.selectionSet, operation.document.definitions.slice(1)]).matchAll(
    /"NamedType","name":\{"kind":"Name","value":"(\w+)"/g,
  );
  return [...conditions].some(([, name]) => {
    const type = graph.supergraph.apiSchema.getType(name!);
    return isCompositeType(type) && isAbstractType(getNamedType(type));
  });
}

function isMutationWithFragments({ operation: { document } }: Case): boolean {
  return document.definitions.some(
    (each) =>
      each.kind === Kind.OPERATION_DEFINITION &&
      each.operation === OperationTypeNode.MUTATION &&
      each.selectionSet.selections.some(({ kind }) => kind !== Kind.FIELD),
  );
}

function allFields({ objects, interfaces }: Model): readonly Field[] {
  return [
    ...[...objects.values()].flatMap(({ fields }) => [...fields.values()]),
    ...[...interfaces.values()].flatMap(({ entity }) => [...(entity?.fields.values() ?? [])]),
  ];
}
