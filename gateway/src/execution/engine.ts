import { OperationTypeNode } from 'graphql';

import { beginShaping } from './build-object.ts';
import { compilePlan } from './compile-plan.ts';
import type { CompileDeps } from './compile-plan.ts';
import { denialErrors } from './denials.ts';
import { beginState, forgetAsked } from './execution-state.ts';
import type { ExecutionState } from './execution-state.ts';
import { fetchErrorsOf } from './fetch-errors.ts';
import { compileIntrospection } from './introspection.ts';
import { compileOperationShapes } from './operation-shapes.ts';
import type {
  PlanExecutor,
  PlanExecutorDeps,
  PlannedOperation,
  PlanResult,
  PreparedOperation,
} from './plan-executor.ts';
import { readPlanFacts } from './plan-facts.ts';
import { canceled, internalError, withErrors } from './result-errors.ts';
import { runInParts } from './run-in-parts.ts';
import { compileSubscription } from './subscription-node.ts';

// Our executor: a plan becomes functions once, and a run calls them.

const NOT_EXECUTED = 'A subscription has no single result.';
const NOT_SUBSCRIBED = 'The operation is no subscription.';

export function createEngine(deps: PlanExecutorDeps): PlanExecutor {
  return { prepare: (planned) => prepare(planned, deps), isIncremental: true };
}

function prepare(
  planned: PlannedOperation,
  { supergraph, transports, onFetch, answerTexts }: PlanExecutorDeps,
): PreparedOperation {
  const { plan, operation } = planned;
  const { apiSchema, fullSchema } = supergraph;
  const rootType = apiSchema.getRootType(operation.operation);
  if (!rootType) return refused('An operation of this kind cannot be executed.');

  const shapes = compileOperationShapes(planned, { schema: apiSchema, fullSchema, rootType });
  const node = plan.node?.kind === 'Subscription' ? plan.node.rest : plan.node;
  const compileDeps: CompileDeps = {
    schema: fullSchema,
    transports,
    onFetch,
    ...readPlanFacts(plan.node),
    questions: new Map(),
    errorsOf: (state) => (state.errors ??= fetchErrorsOf(planned, fullSchema)),
    isTrue: shapes.isTrue,
  };
  const step = compilePlan(node, [], compileDeps);
  const introspect = compileIntrospection(planned, apiSchema);

  async function finish(state: ExecutionState): Promise<PlanResult> {
    const { variables, call, repeated } = state;
    try {
      const { shape, deniedRoot } = shapes.of(variables);
      if (deniedRoot.length > 0) return { data: null, errors: denialErrors(deniedRoot, call) };
      await step(state);
      if (call.signal?.aborted) return { data: null, errors: [canceled()] };
      const introspection = introspect === null ? null : introspect(variables);
      const shaping = beginShaping({ introspection, repeated: answerTexts && repeated.size > 0 ? repeated : null });
      const data = shape(state.data, shaping, 0) ?? null;
      if (data !== null && shaping.reused.length > 0) answerTexts?.note(data, shaping.reused);
      return withErrors(data, { state, shaping });
    } catch (error) {
      return { data: null, errors: [...(state.errors?.collected() ?? []), internalError(error)] };
    } finally {
      forgetData(state);
    }
  }

  const once: PreparedOperation['execute'] = (request) => finish(beginState(request));
  // Without the one field of a subscription there is nothing to wait for.
  if (operation.operation === OperationTypeNode.SUBSCRIPTION && !plan.node)
    return { ...refused(NOT_EXECUTED), subscribe: once };
  if (plan.node?.kind === 'Subscription')
    return {
      ...refused(NOT_EXECUTED),
      subscribe: compileSubscription(plan.node, { ...compileDeps, finish }),
    };
  const { partLabels: labels } = planned;
  return {
    ...refused(NOT_SUBSCRIBED),
    execute: once,
    ...(labels && { executeIncrementally: (request) => runInParts({ shapes, step, introspect, labels }, request) }),
  };
}

// A request lives long enough to become old to the garbage collector, which looks at what is old last. Until then all that it holds is
// moved from one part of the heap to the next.
function forgetData(state: ExecutionState): void {
  state.data = {};
  state.answers.clear();
  state.entities.clear();
  state.repeated.clear();
  forgetAsked(state);
}

function refused(message: string): PreparedOperation {
  const refuse = async () => ({ data: null, errors: [internalError(new Error(message))] });
  return { execute: refuse, subscribe: refuse };
}
