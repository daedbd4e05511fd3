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
    reason: 'the planner asks for a field with @requires before it has what is required',
    matches: (found) => isPlans(found) && selects(found, isChained),
  },
  {
    reason: 'the planner requires for all fields of a fetch what only a field under a condition requires',
    matches: (found) => isPlans(found) && selects(found, isRequiring) && hasConditions(found),
  },
  {
    reason: 'a field that fails takes along what others require of the same object',
    matches: (found) => isPlans(found) && found.answers.plain.errors !== undefined && selects(found, isRequiring),
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
      answers.ours.errors !== undefined &&
      !answers.plain.errors &&
      (answers.plan.node === undefined || JSON.stringify(answers.plain.data).includes('{}')),
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

function isRequiring({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return allFields(model).some((each) => each.name === name.value && each.requires !== undefined);
}

function isChained({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  const named = allFields(model).filter((each) => each.name === name.value);
  return named.some(({ requires }) => requires !== undefined && /\b(r\d_|j0r)/.test(requires));
}

function isOfInterfaceObject({ name }: FieldNode, _parent: GraphQLCompositeType, { model }: FuzzGraph): boolean {
  return [...model.interfaces.values()].some(({ entity }) => entity?.fields.has(name.value));
}

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

function hasConditions({ operation: { document } }: Case): boolean {
  return /"value":"(include|skip)"/.test(JSON.stringify(document));
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
