import type { PendingFragment, Shaping } from './build-object.ts';
import { compilePlan } from './compile-plan.ts';
import { createDeferredRun } from './defer-node.ts';
import { deliverParts, withoutLost } from './deliver-parts.ts';
import { denialErrors } from './denials.ts';
import type { ExecutionState } from './execution-state.ts';
import { fetchErrorsOf } from './fetch-errors.ts';
import { compileIntrospection } from './introspection.ts';
import { compileOperationShapes } from './operation-shapes.ts';
import type {
  IncrementalResult,
  PlanExecutor,
  PlanExecutorDeps,
  PlannedOperation,
  PlanRequest,
  PlanResult,
  PreparedOperation,
} from './plan-executor.ts';
import { readPlanFacts } from './plan-facts.ts';
import { internalError, withErrors } from './result-errors.ts';

// Our executor: a plan becomes functions once, and a run calls them.

export function createEngine(deps: PlanExecutorDeps): PlanExecutor {
  return { prepare: (planned) => prepare(planned, deps), isIncremental: true };
}

function prepare(planned: PlannedOperation, { supergraph, transports, onFetch }: PlanExecutorDeps): PreparedOperation {
  const { plan, operation } = planned;
  const { apiSchema, fullSchema } = supergraph;
  const rootType = apiSchema.getRootType(operation.operation);
  if (!rootType || plan.node?.kind === 'Subscription') return refused('An operation of this kind cannot be executed.');

  const shapes = compileOperationShapes(planned, { schema: apiSchema, rootType });
  const step = compilePlan(plan.node, [], {
    schema: fullSchema,
    transports,
    onFetch,
    ...readPlanFacts(plan.node),
    errorsOf: (state) => (state.errors ??= fetchErrorsOf(planned, fullSchema)),
    isTrue: shapes.isTrue,
  });
  const introspect = compileIntrospection(planned, apiSchema);

  async function execute({ variables, call }: PlanRequest): Promise<PlanResult> {
    const state: ExecutionState = { data: {}, variables, call, answers: new Map(), errors: null, deferred: null };
    try {
      const { shape, deniedRoot } = shapes.of(variables);
      if (deniedRoot.length > 0) return { data: null, errors: denialErrors(deniedRoot, call) };
      await step(state);
      const introspection = introspect === null ? null : introspect(variables);
      const shaping: Shaping = { path: [], unusable: [], denied: [], introspection, deferred: null };
      const data = shape(state.data, shaping, 0) ?? null;
      return withErrors(data, { state, shaping });
    } catch (error) {
      return { data: null, errors: [...(state.errors?.collected() ?? []), internalError(error)] };
    }
  }

  async function executeIncrementally(
    { variables, call }: PlanRequest,
    labels: ReadonlyMap<string, string | undefined>,
  ): Promise<PlanResult | IncrementalResult> {
    const abort = new AbortController();
    const cancel = () => abort.abort();
    const signal = call.signal ? AbortSignal.any([call.signal, abort.signal]) : abort.signal;
    const partCall = { ...call, signal };
    const deferred = createDeferredRun();
    const state: ExecutionState = { data: {}, variables, call: partCall, answers: new Map(), errors: null, deferred };
    try {
      const { shape, deniedRoot } = shapes.of(variables);
      if (deniedRoot.length > 0) return { data: null, errors: denialErrors(deniedRoot, call) };
      await step(state);
      const introspection = introspect === null ? null : introspect(variables);
      const announced: PendingFragment[] = [];
      const shaping: Shaping = { path: [], unusable: [], denied: [], introspection, deferred: announced };
      const data = shape(state.data, shaping, 0) ?? null;
      const initial = withErrors(data, { state, shaping });
      const pending = withoutLost(announced, { data, at: [] });
      if (pending.length > 0) return { initial, ...deliverParts(pending, { state, introspection, labels, cancel }) };
      cancel();
      return initial;
    } catch (error) {
      cancel();
      return { data: null, errors: [...(state.errors?.collected() ?? []), internalError(error)] };
    }
  }

  const { partLabels } = planned;
  if (!partLabels) return { execute };
  return { execute, executeIncrementally: (request) => executeIncrementally(request, partLabels) };
}

function refused(message: string): PreparedOperation {
  return { execute: async () => ({ data: null, errors: [internalError(new Error(message))] }) };
}
