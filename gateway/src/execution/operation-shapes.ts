import { GraphQLBoolean, valueFromAST } from 'graphql';
import type { FieldNode, GraphQLObjectType, OperationDefinitionNode } from 'graphql';

import type { ShapeObject } from './build-object.ts';
import { collectFields, conditionVariables, fragmentsOf, isIntrospectionField } from './collect-fields.ts';
import type { CollectedFields, Selecting } from './collect-fields.ts';
import { deniedRootOf } from './denials.ts';
import type { VisibleAndFull } from './hidden-values.ts';
import type { PlannedOperation } from './plan-executor.ts';
import type { ResponsePath } from './response-data.ts';
import { compileRootShape } from './shape-response.ts';
import type { ShapeRules } from './shape-response.ts';

// The shapes that the answer of one operation can have. It has another one for other values of the variables in its conditions.

const MAX_SHAPES = 64;

export type Variables = Readonly<Record<string, unknown>>;

export interface OperationShape {
  shape: ShapeObject;
  /** Places of the denied fields, if they alone decide that the whole answer is null. */
  deniedRoot: readonly ResponsePath[];
}

export interface OperationConditions {
  /** Value of a variable that a condition names. */
  isTrue: (name: string, variables: Variables) => boolean;
}

export interface OperationShapes extends OperationConditions {
  /** Throws when the plan does not answer what the operation asks. */
  of: (variables: Variables) => OperationShape;
}

/** `rootType`: of the operation, in the schema that clients see. */
export function compileOperationShapes(
  { plan, document, operation, adapted, partLabels }: PlannedOperation,
  { schema, fullSchema, rootType }: VisibleAndFull & { rootType: GraphQLObjectType },
): OperationShapes {
  const fragments = fragmentsOf(document);
  const selectionSets = [operation.selectionSet];
  const { isTrue } = conditionsOf(operation);
  const conditions = conditionVariables([
    operation.selectionSet,
    ...[...fragments.values()].map(({ selectionSet }) => selectionSet),
  ]);

  const compile = (variables: Variables): OperationShape => {
    const { denied, names } = adapted ?? {};
    const inParts = partLabels !== undefined;
    const selecting: Selecting = { schema, fragments, isTrue: (name) => isTrue(name, variables) };
    const rules: ShapeRules = { ...selecting, fullSchema, denied, names, inParts };
    // What is null in a deferred fragment of root fields costs no more than that.
    const rootFields = collectFields(selectionSets, rootType, inParts ? { ...rules, onDefer: () => undefined } : rules);
    if (plan.node === undefined) refuseUnplannedFields(rootFields, denied);
    return {
      shape: compileRootShape(selectionSets, rootType, rules),
      deniedRoot: denied ? deniedRootOf(rootFields, rootType, denied) : [],
    };
  };

  const shapes = new Map<string, OperationShape>();
  return {
    isTrue,
    of: (variables) => {
      const key = conditions.map((name) => (isTrue(name, variables) ? '1' : '0')).join('');
      let shape = shapes.get(key);
      if (!shape) {
        shape = compile(variables);
        if (shapes.size >= MAX_SHAPES) shapes.clear();
        shapes.set(key, shape);
      }
      return shape;
    },
  };
}

export function conditionsOf({ variableDefinitions = [] }: OperationDefinitionNode): OperationConditions {
  const defaults = new Map(
    variableDefinitions.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue ? valueFromAST(defaultValue, GraphQLBoolean) : undefined,
    ]),
  );
  return {
    isTrue: (name, variables) => (Object.hasOwn(variables, name) ? variables[name] : defaults.get(name)) === true,
  };
}

// The planner has nothing to do where it thinks that nothing is selected, and a field of the client would silently be null.
function refuseUnplannedFields(fields: CollectedFields, denied: ReadonlySet<FieldNode> | undefined): void {
  for (const [node] of fields.values())
    if (node && node.name.value !== '__typename' && !isIntrospectionField(node) && !denied?.has(node))
      throw new Error(`The plan has no fetch for the field "${node.name.value}".`);
}
