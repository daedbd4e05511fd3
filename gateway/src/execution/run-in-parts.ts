import { toAbortSignal } from '@tributary/kit/cancellation';

import { beginShaping } from './build-object.ts';
import type { PendingFragment } from './build-object.ts';
import { createDeferredRun } from './defer-node.ts';
import { deliverParts, withoutLost } from './deliver-parts.ts';
import { denialErrors } from './denials.ts';
import { beginState } from './execution-state.ts';
import type { ExecutionState, Step } from './execution-state.ts';
import type { compileIntrospection } from './introspection.ts';
import type { OperationShapes } from './operation-shapes.ts';
import type { IncrementalResult, PlanRequest, PlanResult } from './plan-executor.ts';
import { internalError, withErrors } from './result-errors.ts';

// A run that is answered in parts: its step ends with the primary part of the plan, and what was deferred goes on beside it.

export interface CompiledOperation {
  shapes: OperationShapes;
  step: Step;
  introspect: ReturnType<typeof compileIntrospection>;
  /** From the label of each deferred part to the client's. */
  labels: ReadonlyMap<string, string | undefined>;
}

/** Never rejects. */
export async function runInParts(
  { shapes, step, introspect, labels }: CompiledOperation,
  { variables, call }: PlanRequest,
): Promise<PlanResult | IncrementalResult> {
  const abort = new AbortController();
  const cancel = () => abort.abort();
  const signal = call.signal ? AbortSignal.any([toAbortSignal(call.signal), abort.signal]) : abort.signal;
  const deferred = createDeferredRun();
  const state: ExecutionState = { ...beginState({ variables, call: { ...call, signal } }), deferred };
  try {
    const { shape, deniedRoot } = shapes.of(variables);
    if (deniedRoot.length > 0) return { data: null, errors: denialErrors(deniedRoot, call) };
    await step(state);
    const introspection = introspect === null ? null : introspect(variables);
    const announced: PendingFragment[] = [];
    const shaping = beginShaping({ introspection, deferred: announced });
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
