import { coerceInputValue, GraphQLError, isInputType, isNonNullType, print, typeFromAST } from 'graphql';
import type { GraphQLInputType, GraphQLSchema, OperationDefinitionNode, VariableDefinitionNode } from 'graphql';

// Checks variables against the API schema before anything is planned. graphql-js does the same when it executes, but its messages
// repeat the value that was sent, and that may be a secret in the wrong place.

const MAX_ERRORS = 20;

/** What is wrong with the variables of an operation; empty when they can be used. No message holds a value. */
export function variableErrors(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly GraphQLError[] {
  const errors = (operation.variableDefinitions ?? []).flatMap((definition) =>
    problemsOf(schema, definition, variables).map(
      (message) => new GraphQLError(message, { nodes: definition, extensions: { code: 'BAD_USER_INPUT' } }),
    ),
  );
  return errors.slice(0, MAX_ERRORS);
}

function problemsOf(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly string[] {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type)) return [`Variable "$${name}" expects an input type, not "${print(definition.type)}".`];
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined) {
    const isMissing = isNonNullType(type) && definition.defaultValue === undefined;
    return isMissing ? [`Variable "$${name}" of required type "${String(type)}" was not provided.`] : [];
  }
  return coercionProblems(name, type, value);
}

function coercionProblems(name: string, type: GraphQLInputType, value: unknown): readonly string[] {
  const problems: string[] = [];
  coerceInputValue(value, type, (path, _invalid, error) => {
    if (problems.length >= MAX_ERRORS) return;
    const place = [name, ...path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))].join('');
    problems.push(`Variable "$${name}" got an invalid value at "${place}"${reasonOf(error)}.`);
  });
  return problems;
}

// Only reasons that speak of the schema alone are passed on; the others quote the value.
function reasonOf({ message }: GraphQLError): string {
  const [, missing] = /^Field "(\w+)" of required type .* was not provided\.$/.exec(message) ?? [];
  if (missing !== undefined) return `: the field "${missing}" is required`;
  const [, unknown] = /^Field "(\w{1,64})" is not defined by type /.exec(message) ?? [];
  if (unknown !== undefined) return `: the field "${unknown}" is not defined`;
  const [, expected] = /^Expected (?:non-nullable )?type "([\w[\]!]+)"/.exec(message) ?? [];
  return expected === undefined ? '' : `: "${expected}" is expected`;
}
