import type { DeferNode, PlanNode } from '@apollo/query-planner';

import { invariant } from '@tributary/kit/invariant';

import type { ExecutionState, Step } from './execution-state.ts';

// A plan with deferred parts: the primary part is all that its step waits for. Each deferred part starts when the fetches it depends on
// are done, independent of the others, and is waited for by whoever delivers it. A deferred part may have deferred parts itself.

/** What a run knows about its deferred parts. */
export interface DeferredRun {
  /** Fetches that parts depend on, by id. */
  readonly fetches: Map<string, PromiseWithResolvers<void>>;
  /** By label; a part is here as soon as the part around it is done. */
  readonly parts: Map<string, Promise<FinishedPart>>;
}

/** A part whose fetches are all done, or failed. */
export interface FinishedPart {
  /** Shares everything with the run but its errors. */
  state: ExecutionState;
  /** Something unforeseen, which costs the whole part. */
  failure: unknown;
}

interface Part {
  label: string;
  dependsOn: readonly string[];
  step: Step;
  /** Fetches within it that other parts may wait for. */
  fetches: readonly string[];
}

export function createDeferredRun(): DeferredRun {
  return { fetches: new Map(), parts: new Map() };
}

/** A fetch that deferred parts may depend on. */
export function compileAwaitedFetch(id: string, fetch: Step): Step {
  return (state) => {
    const pending = fetch(state);
    if (state.deferred === null) return pending;
    const { resolve } = signalOf(state.deferred, id);
    if (pending) return pending.then(resolve);
    resolve();
    return undefined;
  };
}

export function compileDefer(node: DeferNode, compile: (node: PlanNode | undefined) => Step): Step {
  const primary = compile(node.primary.node);
  const primaryFetches = fetchIds(node.primary.node);
  const parts: readonly Part[] = node.deferred.map((each) => {
    invariant(each.label !== undefined, 'A deferred part of a plan has no label.');
    return {
      label: each.label,
      dependsOn: each.depends.map(({ id }) => id),
      step: compile(each.node),
      fetches: fetchIds(each.node),
    };
  });
  return async (state) => {
    const run = state.deferred;
    invariant(run, 'A plan with deferred parts is run as a whole.');
    for (const part of parts) run.parts.set(part.label, runPart(part, { state, run }));
    try {
      await primary(state);
    } finally {
      release(run, primaryFetches);
    }
  };
}

async function runPart(
  { dependsOn, step, fetches }: Part,
  { state, run }: { state: ExecutionState; run: DeferredRun },
): Promise<FinishedPart> {
  const own: ExecutionState = { ...state, errors: null };
  try {
    await Promise.all(dependsOn.map((id) => signalOf(run, id).promise));
    if (!state.call.signal?.aborted) await step(own);
    return { state: own, failure: null };
  } catch (error) {
    return { state: own, failure: error ?? new Error('Something was thrown that says nothing.') };
  } finally {
    release(run, fetches);
  }
}

// A fetch that a condition left out would be waited for for ever.
function release(run: DeferredRun, ids: readonly string[]): void {
  for (const id of ids) signalOf(run, id).resolve();
}

function signalOf({ fetches }: DeferredRun, id: string): PromiseWithResolvers<void> {
  let signal = fetches.get(id);
  if (!signal) fetches.set(id, (signal = Promise.withResolvers<void>()));
  return signal;
}

/** Of the fetches that are done when the step of `node` is. */
function fetchIds(node: PlanNode | undefined): readonly string[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'Fetch':
      return node.id === undefined ? [] : [node.id];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchIds);
    case 'Flatten':
      return fetchIds(node.node);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap(fetchIds);
    case 'Defer':
      return fetchIds(node.primary.node);
  }
}
