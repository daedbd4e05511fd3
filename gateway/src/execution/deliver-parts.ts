import type { GraphQLError } from 'graphql';

import { beginShaping } from './build-object.ts';
import type { PendingFragment, Shaping } from './build-object.ts';
import type { FinishedPart } from './defer-node.ts';
import { denialErrors } from './denials.ts';
import type { ExecutionState } from './execution-state.ts';
import type { DeferredPayload, IncrementalResult, LaterResult } from './plan-executor.ts';
import { isJsonObject } from './response-data.ts';
import type { JsonObject, ResponsePath } from './response-data.ts';
import { internalError, malformed } from './result-errors.ts';

// Delivers the deferred fragments of a run, each as soon as its part of the plan is done: one payload for every object that it applies
// to. Fragments within a fragment are delivered after it. Payloads that are ready at the same time go out together.

export interface Delivery {
  /** Of the run, with the deferred parts. */
  state: ExecutionState;
  introspection: JsonObject | null;
  labels: ReadonlyMap<string, string | undefined>;
  /** Cancels the fetches of this run that nobody waits for any more. */
  cancel: () => void;
}

/** `pending`: what the initial result left out; not empty. */
export function deliverParts(
  pending: readonly PendingFragment[],
  { state, introspection, labels, cancel }: Delivery,
): Pick<IncrementalResult, 'later' | 'settled'> {
  const { signal } = state.call;
  const finished: ExecutionState[] = [state];
  const settling = Promise.withResolvers<void>();
  const ready: DeferredPayload[] = [];
  let open = 0;
  let isOver = false;
  let wake: () => void = () => undefined;

  function announce(found: readonly PendingFragment[]): void {
    for (const [label, group] of Map.groupBy(found, (each) => each.label)) {
      open += 1;
      const part = state.deferred?.parts.get(label) ?? Promise.resolve(null);
      void part.then((done) => deliver(group, done));
    }
  }

  function deliver(group: readonly PendingFragment[], part: FinishedPart | null): void {
    if (isOver) return;
    if (part) finished.push(part.state);
    for (const [index, errors] of errorsByPayload(group, part).entries()) {
      const each = group[index]!;
      ready.push(
        part?.failure ? lost(each, [...errors, internalError(part.failure, each.path)]) : payloadOf(each, errors),
      );
    }
    open -= 1;
    if (open === 0) settling.resolve();
    wake();
  }

  function payloadOf({ label, shape, source, path }: PendingFragment, own: readonly GraphQLError[]): DeferredPayload {
    const deferred: PendingFragment[] = [];
    const shaping = beginShaping({ path: [...path], introspection, deferred });
    const data = shape(source, shaping, path.length) ?? null;
    const errors = [...own, ...reasonsOf(shaping, own, finished), ...denialErrors(shaping.denied, state.call)];
    announce(withoutLost(deferred, { data, at: path }));
    return { path, label: labels.get(label), data, ...(errors.length > 0 && { errors }) };
  }

  function lost({ label, path }: PendingFragment, errors: readonly GraphQLError[]): DeferredPayload {
    return { path, label: labels.get(label), data: null, errors };
  }

  function end(): void {
    if (isOver) return;
    isOver = true;
    signal?.removeEventListener('abort', end);
    cancel();
    settling.resolve();
    wake();
  }

  announce(pending);
  signal?.addEventListener('abort', end);
  return {
    settled: settling.promise,
    later: {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        while (!isOver && ready.length === 0 && open > 0)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        if (isOver || ready.length === 0) {
          end();
          return { done: true, value: undefined };
        }
        const value: LaterResult = { incremental: ready.splice(0), hasNext: open > 0 };
        return { done: false, value };
      },
      async return() {
        end();
        return { done: true, value: undefined };
      },
    },
  };
}

/** Without the fragments of objects that did not make it into the answer: something above them is null. */
export function withoutLost(
  pending: readonly PendingFragment[],
  { data, at }: { data: JsonObject | null; at: ResponsePath },
): readonly PendingFragment[] {
  return pending.filter(({ path }) => {
    let value: unknown = data;
    for (const part of path.slice(at.length)) {
      if (Array.isArray(value)) value = value[part as number];
      else value = isJsonObject(value) ? value[part] : null;
    }
    return value !== null && value !== undefined;
  });
}

/** The errors of a part, for each of its objects those within it. One that is within none is told with the first. */
function errorsByPayload(
  group: readonly PendingFragment[],
  part: FinishedPart | null,
): readonly (readonly GraphQLError[])[] {
  const errors: GraphQLError[][] = group.map(() => []);
  for (const error of part?.state.errors?.collected() ?? []) {
    const index = group.findIndex(({ path }) => path.every((step, depth) => step === error.path?.[depth]));
    errors[Math.max(index, 0)]?.push(error);
  }
  return errors;
}

/**
 * Why values are missing, where `told` does not say: an error that an earlier part of the answer told already is told again, for here it
 * takes something away.
 */
function reasonsOf(
  { unusable }: Shaping,
  told: readonly GraphQLError[],
  states: readonly ExecutionState[],
): readonly GraphQLError[] {
  const reasons = unusable.flatMap((value): readonly GraphQLError[] => {
    if (told.some(({ path }) => touches(path, value.path))) return [];
    const explaining = states.filter(({ errors }) => errors?.explain(value.path));
    if (explaining.length === 0) return [malformed(value)];
    return explaining
      .flatMap(({ errors }) => errors?.collected() ?? [])
      .filter(({ path }) => touches(path, value.path));
  });
  return [...new Set(reasons)];
}

function touches(one: ResponsePath | undefined, other: ResponsePath): boolean {
  if (one === undefined) return false;
  return one.slice(0, other.length).every((step, depth) => step === other[depth]);
}
