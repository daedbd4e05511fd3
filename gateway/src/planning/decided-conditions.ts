import { GraphQLBoolean, Kind, valueFromAST, visit } from 'graphql';
import type { DirectiveNode, DocumentNode, FieldNode, OperationDefinitionNode, SelectionNode } from 'graphql';

import type { OperationInDocument } from '../authorization/filter-operation.ts';

// `@skip` and `@include` are decided before planning. The planner lets a field under a condition share its fetch with others, and asks of
// every object what that field requires: where the condition does not hold nobody has fetched it, no object has it, and the other fields
// are lost. Objects of which conditions leave nothing it does not fetch at all.

const CONDITIONS = ['skip', 'include'];

/** Variables that decide what is selected. */
export function conditionVariablesOf({ document }: OperationInDocument): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      if (!CONDITIONS.includes(directive.name.value)) return;
      const condition = conditionOf(directive);
      if (condition?.kind === Kind.VARIABLE) names.add(condition.name.value);
    },
  });
  return [...names].sort();
}

/** Those of the variables that are true. */
export function trueConditions(
  names: readonly string[],
  { operation, variables }: { operation: OperationDefinitionNode; variables: Readonly<Record<string, unknown>> },
): readonly string[] {
  if (names.length === 0) return names;
  return names.filter((name) => {
    if (Object.hasOwn(variables, name)) return variables[name] === true;
    const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return definition?.defaultValue ? valueFromAST(definition.defaultValue, GraphQLBoolean) === true : false;
  });
}

/** What is left of an operation when it is known which of its conditions hold. */
export function withDecidedConditions(
  { document, operation }: OperationInDocument,
  held: readonly string[],
): OperationInDocument {
  const decided: DocumentNode = visit(document, {
    Field: (node) => decide(node, held),
    InlineFragment: (node) => decide(node, held),
    FragmentSpread: (node) => decide(node, held),
    SelectionSet: {
      // An object of which nothing is asked may still be null, or not.
      leave: (node) => (node.selections.length > 0 ? undefined : { ...node, selections: [TYPENAME] }),
    },
  });
  const index = document.definitions.indexOf(operation);
  return { document: decided, operation: decided.definitions[index] as OperationDefinitionNode };
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** For `visit`: null takes a selection away, undefined leaves it. */
function decide<T extends SelectionNode>(node: T, held: readonly string[]): T | null | undefined {
  const { directives = [] } = node;
  if (!directives.some(isCondition)) return undefined;
  const isSelected = directives.every((each) => !isCondition(each) || holds(each, held));
  return isSelected ? { ...node, directives: directives.filter((each) => !isCondition(each)) } : null;
}

const isCondition = ({ name }: DirectiveNode): boolean => CONDITIONS.includes(name.value);

function holds(directive: DirectiveNode, held: readonly string[]): boolean {
  const condition = conditionOf(directive);
  const isTrue = condition?.kind === Kind.VARIABLE ? held.includes(condition.name.value) : isTrueLiteral(condition);
  return directive.name.value === 'skip' ? !isTrue : isTrue;
}

const isTrueLiteral = (value: ReturnType<typeof conditionOf>): boolean => value?.kind === Kind.BOOLEAN && value.value;

const conditionOf = ({ arguments: given = [] }: DirectiveNode) => given.find(({ name }) => name.value === 'if')?.value;
