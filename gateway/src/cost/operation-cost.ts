import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  Kind,
  valueFromASTUntyped,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

import type { CostRules, ListSize } from './cost-rules.ts';

// Counts what an operation may cost before anything of it runs: an object is one point, a scalar none, a mutation ten, a list its size times
// what one item costs. It is an upper bound: a field that several fragments select under one name counts each time.

export interface CostedSchema {
  schema: GraphQLSchema;
  rules: CostRules;
}

/** Validated against the schema; the variables as the client sent them, checked. */
export interface CostedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/** Size of a list about which the schema says nothing. */
export const UNKNOWN_LIST_SIZE = 10;
/** A mutation about which the schema says nothing: it locks, writes and tells others. */
export const MUTATION_COST = 10;
/** Counting stops here; no limit is as high. */
export const MAX_COST = 1_000_000_000;

/** Size that a connection passes on to the lists in it. */
interface PassedSize {
  size: number;
  fields: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

/** Counts the points of operations, `MAX_COST` at most. One without variables always costs the same and is counted once. */
export function createCostCounter(costed: CostedSchema): (operation: CostedOperation) => number {
  const known = new WeakMap<OperationDefinitionNode, number>();
  return (asked) => {
    const { operation } = asked;
    if (operation.variableDefinitions && operation.variableDefinitions.length > 0) return operationCost(costed, asked);
    let cost = known.get(operation);
    if (cost === undefined) known.set(operation, (cost = operationCost(costed, asked)));
    return cost;
  };
}

function operationCost({ schema, rules }: CostedSchema, costed: CostedOperation): number {
  const { document, operation } = costed;
  const values = valuesOf(costed);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of document.definitions)
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
  // One count per selection set and type, however often fragments lead to it.
  const known = new Map<SelectionSetNode, Map<string, number>>();

  function costOfSet(set: SelectionSetNode, type: GraphQLCompositeType, passed: PassedSize | null): number {
    // Only one of the possible types will be there: the dearest one counts.
    if (isAbstractType(type))
      return schema.getPossibleTypes(type).reduce((most, each) => Math.max(most, costOfSet(set, each, passed)), 0);
    const key = passed ? `${type.name} ${passed.size} ${passed.fields.join(' ')}` : type.name;
    const costs = known.get(set) ?? new Map<string, number>();
    known.set(set, costs);
    let cost = costs.get(key);
    if (cost === undefined) {
      cost = 0;
      for (const selection of set.selections)
        cost = Math.min(MAX_COST, cost + costOfSelection(selection, type, passed));
      costs.set(key, cost);
    }
    return cost;
  }

  function costOfSelection(selection: SelectionNode, type: GraphQLObjectType, passed: PassedSize | null): number {
    if (isLeftOut(selection, values)) return 0;
    if (selection.kind === Kind.FIELD) {
      const field = type.getFields()[selection.name.value];
      return field ? costOfField(selection, { type, field }, passed) : 0; // introspection reaches no subgraph
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment || !applies(fragment.typeCondition?.name.value, type)) return 0;
    return costOfSet(fragment.selectionSet, type, passed);
  }

  function costOfField(
    node: FieldNode,
    { type, field }: { type: GraphQLObjectType; field: GraphQLField<unknown, unknown> },
    passed: PassedSize | null,
  ): number {
    const coordinate = `${type.name}.${field.name}`;
    const named = getNamedType(field.type);
    const list = rules.lists.get(coordinate);
    const sized = list && list.sizedFields.length > 0 ? list : null;
    const passOn = sized && { size: sizeBy(sized, { node, field }), fields: sized.sizedFields };
    const plain = type === schema.getMutationType() ? MUTATION_COST : isCompositeType(named) ? 1 : 0;
    const weight = rules.weights.get(coordinate) ?? rules.weights.get(named.name) ?? plain;
    const below = node.selectionSet && isCompositeType(named) ? costOfSet(node.selectionSet, named, passOn) : 0;
    const each = weight + below;
    const argumentsWeight = (node.arguments ?? []).reduce(
      (sum, { name }) => sum + (rules.weights.get(`${coordinate}(${name.value}:)`) ?? 0),
      0,
    );
    if (!isListType(getNullableType(field.type))) return each + argumentsWeight;
    if (each === 0) return argumentsWeight;
    const size = passed?.fields.includes(field.name)
      ? passed.size
      : list && !sized
        ? sizeBy(list, { node, field })
        : sizeByArgument({ node, field });
    return size * each + argumentsWeight;
  }

  function sizeBy(
    { slicingArguments, assumedSize }: ListSize,
    at: { node: FieldNode; field: GraphQLField<unknown, unknown> },
  ): number {
    const asked = slicingArguments
      .map((name) => argumentValue(name, at, values))
      .filter((value) => typeof value === 'number');
    return asked.length > 0 ? Math.max(0, ...asked) : (assumedSize ?? UNKNOWN_LIST_SIZE);
  }

  // `nodes(ids:)` and its like answer as many items as they are given keys.
  function sizeByArgument(at: { node: FieldNode; field: GraphQLField<unknown, unknown> }): number {
    const [keys, ...others] = at.field.args.filter(({ type }) => isListType(getNullableType(type)));
    if (!keys || others.length > 0) return UNKNOWN_LIST_SIZE;
    const value = argumentValue(keys.name, at, values);
    if (value === undefined || value === null) return UNKNOWN_LIST_SIZE;
    return Array.isArray(value) ? value.length : 1; // GraphQL takes a single value for a list of one
  }

  function applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const abstract = schema.getType(condition);
    return isAbstractType(abstract) && schema.isSubType(abstract, type);
  }

  const root = schema.getRootType(operation.operation);
  return root ? costOfSet(operation.selectionSet, root, null) : 0;
}

function valuesOf({ operation, variables }: CostedOperation): Values {
  // Without a prototype: a variable may be called like a property of every object.
  const values = Object.create(null) as Record<string, unknown>;
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (Object.hasOwn(variables, name)) values[name] = variables[name];
    else if (defaultValue) values[name] = valueFromASTUntyped(defaultValue);
  }
  return values;
}

function argumentValue(
  name: string,
  { node, field }: { node: FieldNode; field: GraphQLField<unknown, unknown> },
  values: Values,
): unknown {
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  const value = given && valueFromASTUntyped(given, values);
  return value === undefined ? field.args.find((argument) => argument.name === name)?.defaultValue : value;
}

function isLeftOut({ directives = [] }: SelectionNode, values: Values): boolean {
  return directives.some(({ name, arguments: [condition] = [] }) => {
    if (!condition || (name.value !== 'skip' && name.value !== 'include')) return false;
    return valueFromASTUntyped(condition.value, values) === (name.value === 'skip');
  });
}
