import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { SubgraphAnswer } from '../transport/subgraph-transport.ts';
import type { DeferredRun } from './defer-node.ts';
import type { FetchErrors } from './fetch-errors.ts';
import type { JsonObject } from './response-data.ts';

/** What belongs to one run of an operation. */
export interface ExecutionState {
  /** Grows with every fetch. */
  data: JsonObject;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly call: SubgraphCall;
  /** Answers of this run's queries, so that one question is asked once. */
  readonly answers: Map<string, Promise<SubgraphAnswer>>;
  /** Made with the first error. */
  errors: FetchErrors | null;
  /** Null where everything is answered at once. */
  readonly deferred: DeferredRun | null;
}

/** A plan node, ready to run. Undefined where there is nothing to wait for. Never rejects. */
export type Step = (state: ExecutionState) => Promise<void> | undefined;
