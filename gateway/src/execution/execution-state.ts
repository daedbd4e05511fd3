import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { SubgraphAnswer } from '../transport/subgraph-transport.ts';
import type { DeferredRun } from './defer-node.ts';
import type { FetchErrors } from './fetch-errors.ts';
import type { RepeatedObjects } from './repeated-objects.ts';
import type { Representations } from './representations.ts';
import type { JsonObject } from './response-data.ts';

/**
 * The objects that the last entity fetch asked about: several fetches that start together often ask subgraph after subgraph about the
 * same ones. They are known until data is merged.
 */
export interface LastAsked {
  /** Tells where the objects are and what was required of them; empty when nothing is known. */
  about: string;
  found: FoundObjects | null;
}

export interface FoundObjects extends Representations {
  /** All that stand there, with or without a representation. */
  objects: readonly JsonObject[];
}

/** What belongs to one run of an operation. */
export interface ExecutionState {
  /** Grows with every fetch. */
  data: JsonObject;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly call: SubgraphCall;
  /** Answers of this run's queries, so that one question is asked once. */
  readonly answers: Map<string, Promise<SubgraphAnswer>>;
  /** Shared with the deferred parts of the run. */
  readonly lastAsked: LastAsked;
  /** Objects that fetches have asked about, each once, by place. */
  readonly entities: Map<string, readonly JsonObject[]>;
  readonly repeated: RepeatedObjects;
  /** Made with the first error. */
  errors: FetchErrors | null;
  /** Null where everything is answered at once. */
  readonly deferred: DeferredRun | null;
}

/** A plan node, ready to run. Undefined where there is nothing to wait for. Never rejects. */
export type Step = (state: ExecutionState) => Promise<void> | undefined;

/** The beginning of a run that is answered at once. */
export function beginState(request: Pick<ExecutionState, 'variables' | 'call'>): ExecutionState {
  const { variables, call } = request;
  const lastAsked: LastAsked = { about: '', found: null };
  const repeated: RepeatedObjects = new Map();
  const found = { lastAsked, entities: new Map(), repeated };
  return { data: {}, variables, call, answers: new Map(), ...found, errors: null, deferred: null };
}

/** The data has changed, or nobody needs it any more. */
export function forgetAsked({ lastAsked }: ExecutionState): void {
  lastAsked.about = '';
  lastAsked.found = null;
}
