import { GraphQLError, OperationTypeNode } from 'graphql';

import { INTERNAL_MESSAGE, INTERNAL_SERVER_ERROR, subgraphMalformedResponse } from '../errors.ts';
import type { Shaping, UnusableValue } from './build-object.ts';
import { compilePlan } from './compile-plan.ts';
import type { CompileDeps } from './compile-plan.ts';
import { denialErrors } from './denials.ts';
import type { ExecutionState } from './execution-state.ts';
import { fetchErrorsOf } from './fetch-errors.ts';
import { compileIntrospection } from './introspection.ts';
import { compileOperationShapes } from './operation-shapes.ts';
import type {
  PlanExecutor,
  PlanExecutorDeps,
  PlannedOperation,
  PlanRequest,
  PlanResult,
  PreparedOperation,
} from './plan-executor.ts';
import { readPlanFacts } from './plan-facts.ts';
import { compileSubscription } from './subscription-node.ts';

// Our executor: a plan becomes functions once, and a run calls them.

const NOT_EXECUTED = 'A subscription has no single result.';
const NOT_SUBSCRIBED = 'The operation is no subscription.';

export function createEngine(deps: PlanExecutorDeps): PlanExecutor {
  return { prepare: (planned) => prepare(planned, deps) };
}

function prepare(planned: PlannedOperation, { supergraph, transports, onFetch }: PlanExecutorDeps): PreparedOperation {
  const { plan, operation } = planned;
  const { apiSchema, fullSchema } = supergraph;
  const rootType = apiSchema.getRootType(operation.operation);
  if (!rootType) return refused('An operation of this kind cannot be executed.');

  const shapes = compileOperationShapes(planned, { schema: apiSchema, rootType });
  const node = plan.node?.kind === 'Subscription' ? plan.node.rest : plan.node;
  const compileDeps: CompileDeps = {
    schema: fullSchema,
    transports,
    onFetch,
    ...readPlanFacts(plan.node),
    errorsOf: (state) => (state.errors ??= fetchErrorsOf(planned, fullSchema)),
    isTrue: shapes.isTrue,
  };
  const step = compilePlan(node, [], compileDeps);
  const introspect = compileIntrospection(planned, apiSchema);

  async function finish(state: ExecutionState): Promise<PlanResult> {
    const { variables, call } = state;
    try {
      const { shape, deniedRoot } = shapes.of(variables);
      if (deniedRoot.length > 0) return { data: null, errors: denialErrors(deniedRoot, call) };
      await step(state);
      const introspection = introspect === null ? null : introspect(variables);
      const shaping: Shaping = { path: [], unusable: [], denied: [], introspection };
      const data = shape(state.data, shaping, 0) ?? null;
      return withErrors(data, { state, shaping });
    } catch (error) {
      return { data: null, errors: [...(state.errors?.collected() ?? []), internalError(error)] };
    }
  }

  const once: PreparedOperation['execute'] = (request) => finish(begin(request));
  // Without the one field of a subscription there is nothing to wait for.
  if (operation.operation === OperationTypeNode.SUBSCRIPTION && !plan.node)
    return { ...refused(NOT_EXECUTED), subscribe: once };
  if (plan.node?.kind === 'Subscription')
    return { ...refused(NOT_EXECUTED), subscribe: compileSubscription(plan.node, { ...compileDeps, begin, finish }) };
  return { ...refused(NOT_SUBSCRIBED), execute: once };
}

function begin({ variables, call }: PlanRequest): ExecutionState {
  return { data: {}, variables, call, answers: new Map(), errors: null };
}

function withErrors(
  data: Record<string, unknown> | null,
  { state, shaping }: { state: ExecutionState; shaping: Shaping },
): PlanResult {
  const { errors } = state;
  const { unusable, denied } = shaping;
  if (errors === null && unusable.length === 0 && denied.length === 0) return { data };
  // A value that is missing because its fetch failed has been told already.
  const unexplained = unusable.filter(({ path }) => !errors?.explain(path));
  const all = [...(errors?.collected() ?? []), ...unexplained.map(malformed), ...denialErrors(denied, state.call)];
  return all.length === 0 ? { data } : { data, errors: all };
}

function malformed({ path }: UnusableValue): GraphQLError {
  const { message, code } = subgraphMalformedResponse();
  return new GraphQLError(message, { path, extensions: { code } });
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
