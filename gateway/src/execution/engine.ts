import { GraphQLBoolean, GraphQLError, valueFromAST } from 'graphql';

import { INTERNAL_MESSAGE, INTERNAL_SERVER_ERROR, subgraphMalformedResponse } from '../errors.ts';
import type { ShapeObject, UnusableValue } from './build-object.ts';
import { collectFields, conditionVariables, fragmentsOf, isIntrospectionField } from './collect-fields.ts';
import type { Selecting } from './collect-fields.ts';
import { compilePlan } from './compile-plan.ts';
import type { CompileDeps } from './compile-plan.ts';
import type { ExecutionState } from './execution-state.ts';
import { createFetchErrors } from './fetch-errors.ts';
import { compileIntrospection } from './introspection.ts';
import type {
  PlanExecutor,
  PlanExecutorDeps,
  PlannedOperation,
  PlanRequest,
  PlanResult,
  PreparedOperation,
} from './plan-executor.ts';
import { compileRootShape } from './shape-response.ts';
import { readPlanFacts } from './plan-facts.ts';
import { compileSubscription } from './subscription-node.ts';

// Our executor: a plan becomes functions once, and a run calls them.

const MAX_SHAPES = 64;
const NOT_EXECUTED = 'A subscription has no single result.';
const NOT_SUBSCRIBED = 'The operation is no subscription.';

export function createEngine(deps: PlanExecutorDeps): PlanExecutor {
  return { prepare: (planned) => prepare(planned, deps) };
}

function prepare(planned: PlannedOperation, { supergraph, transports, onFetch }: PlanExecutorDeps): PreparedOperation {
  const { plan, document, operation } = planned;
  const { apiSchema, fullSchema } = supergraph;
  const fragments = fragmentsOf(document);
  const selectionSets = [operation.selectionSet];
  const rootType = apiSchema.getRootType(operation.operation);
  if (!rootType) return refused('An operation of this kind cannot be executed.');

  const defaults = new Map(
    (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue ? valueFromAST(defaultValue, GraphQLBoolean) : undefined,
    ]),
  );
  const isTrue = (name: string, variables: Readonly<Record<string, unknown>>) =>
    (Object.hasOwn(variables, name) ? variables[name] : defaults.get(name)) === true;

  const node = plan.node?.kind === 'Subscription' ? plan.node.rest : plan.node;
  const compileDeps: CompileDeps = {
    schema: fullSchema,
    transports,
    onFetch,
    ...readPlanFacts(plan.node),
    errorsOf: (state) => (state.errors ??= createFetchErrors({ document, operation, schema: fullSchema })),
    isTrue,
  };
  const step = compilePlan(node, [], compileDeps);
  const introspect = compileIntrospection(planned, apiSchema);

  // The answer has another shape for other values of the variables in its conditions.
  const conditions = conditionVariables([
    operation.selectionSet,
    ...[...fragments.values()].map(({ selectionSet }) => selectionSet),
  ]);
  const shapes = new Map<string, ShapeObject>();
  const shapeFor = (variables: Readonly<Record<string, unknown>>): ShapeObject => {
    const key = conditions.map((name) => (isTrue(name, variables) ? '1' : '0')).join('');
    let shape = shapes.get(key);
    if (!shape) {
      const selecting: Selecting = { schema: apiSchema, fragments, isTrue: (name) => isTrue(name, variables) };
      if (plan.node === undefined) refuseUnplannedFields(collectFields(selectionSets, rootType, selecting));
      if (shapes.size >= MAX_SHAPES) shapes.clear();
      shapes.set(key, (shape = compileRootShape(selectionSets, rootType, selecting)));
    }
    return shape;
  };

  async function finish(state: ExecutionState): Promise<PlanResult> {
    const { variables } = state;
    try {
      const shape = shapeFor(variables);
      await step(state);
      const unusable: UnusableValue[] = [];
      const introspection = introspect === null ? null : introspect(variables);
      const data = shape(state.data, { path: [], unusable, introspection }, 0) ?? null;
      return withErrors(data, { state, unusable });
    } catch (error) {
      return { data: null, errors: [...(state.errors?.collected() ?? []), internalError(error)] };
    }
  }

  if (plan.node?.kind === 'Subscription')
    return { ...refused(NOT_EXECUTED), subscribe: compileSubscription(plan.node, { ...compileDeps, begin, finish }) };
  return { ...refused(NOT_SUBSCRIBED), execute: (request) => finish(begin(request)) };
}

function begin({ variables, call }: PlanRequest): ExecutionState {
  return { data: {}, variables, call, answers: new Map(), errors: null };
}

function withErrors(
  data: Record<string, unknown> | null,
  { state, unusable }: { state: ExecutionState; unusable: readonly UnusableValue[] },
): PlanResult {
  const { errors } = state;
  if (errors === null && unusable.length === 0) return { data };
  // A value that is missing because its fetch failed has been told already.
  const unexplained = unusable.filter(({ path }) => !errors?.explain(path));
  const all = [...(errors?.collected() ?? []), ...unexplained.map(malformed)];
  return all.length === 0 ? { data } : { data, errors: all };
}

function malformed({ path }: UnusableValue): GraphQLError {
  const { message, code } = subgraphMalformedResponse();
  return new GraphQLError(message, { path, extensions: { code } });
}

// The planner has nothing to do where it thinks that nothing is selected, and a field of the client would silently be null.
function refuseUnplannedFields(fields: ReturnType<typeof collectFields>): void {
  for (const [node] of fields.values())
    if (node && node.name.value !== '__typename' && !isIntrospectionField(node))
      throw new Error(`The plan has no fetch for the field "${node.name.value}".`);
}

function refused(message: string): PreparedOperation {
  const refuse = async () => ({ data: null, errors: [internalError(new Error(message))] });
  return { execute: refuse, subscribe: refuse };
}

function internalError(error: unknown): GraphQLError {
  return new GraphQLError(INTERNAL_MESSAGE, {
    originalError: error instanceof Error ? error : new Error('Something was thrown that is no Error.'),
    extensions: { code: INTERNAL_SERVER_ERROR },
  });
}
