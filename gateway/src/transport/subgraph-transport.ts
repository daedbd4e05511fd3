import type { OperationTypeNode } from 'graphql';

import type { Handle } from '@tributary/kit/lifecycle';
import type { SubgraphCall, SubgraphRequest } from '@tributary/kit/subgraph';

/** The kind of operation a fetch runs. It decides which internal token goes along. */
export type OperationKind = `${OperationTypeNode}`;

/** One entry of `errors` as a subgraph gave it, cut down to what the gateway uses. */
export interface SubgraphError {
  message: string;
  /** Response path within the fetch; absent when the error belongs to the whole fetch. */
  path?: readonly (string | number)[];
  /** Always set: an error without one of its own counts as INTERNAL_SERVER_ERROR. */
  code: string;
}

/** A fetch on its way. */
export interface SubgraphFetch extends SubgraphRequest {
  /** The request as JSON text, where the sender has it already. */
  readonly body?: string;
}

/** Why a fetch has no answer of its subgraph. */
export const FetchFailure = {
  /** Nobody was there: no connection, one that broke, or a proxy that says so (502, 503, 504). */
  unreachable: 'unreachable',
  /** The server broke: any other HTTP status that is no answer. */
  broken: 'broken',
  /** The server lives and does not want this fetch of this caller: HTTP 4xx. */
  rejected: 'rejected',
  timeout: 'timeout',
  malformed: 'malformed',
  /** It never left the gateway: no time was left, or too many wait already. */
  unsent: 'unsent',
  /** Nobody waits for the answer any more. */
  canceled: 'canceled',
} as const;
export type FetchFailure = (typeof FetchFailure)[keyof typeof FetchFailure];

/** Checked answer of one fetch: `data` is an object or null, whatever the subgraph sent. */
export interface SubgraphAnswer {
  data: Record<string, unknown> | null;
  readonly errors: readonly SubgraphError[];
  /** Makes the data anew from what was received. Absent where that is gone. */
  parseAgain?: () => Record<string, unknown> | null;
  /** Somebody writes into the data. */
  isTaken?: boolean;
  /** Set where the gateway made this answer itself: there are no data and one error without a path. */
  readonly failure?: FetchFailure;
}

/**
 * A subscription has ended in another way than by its completion: events may have been missed. `errors` tell why, without paths unless
 * the subgraph gave some.
 */
export class SubscriptionLost extends Error {
  override name = 'SubscriptionLost';
  readonly errors: readonly SubgraphError[];
  constructor(errors: readonly SubgraphError[], options?: ErrorOptions) {
    super('A subscription of a subgraph was lost.', options);
    this.errors = errors;
  }
}

/** How the gateway reaches one subgraph. `stop()` releases what the transport itself holds, never the subgraph. */
export interface SubgraphTransport extends Handle {
  readonly name: string;
  /**
   * Runs one fetch. Never rejects and never outlives the deadline by more than a moment: a subgraph that cannot be reached,
   * answers too late or answers nonsense is an error without a path and with one of the SUBGRAPH_ codes.
   */
  execute(request: SubgraphFetch, call: SubgraphCall, operationKind: OperationKind): Promise<SubgraphAnswer>;
  /**
   * Starts a subscription. Never rejects: an answer in place of a stream is a refusal. The stream ends when the subgraph completes it, and
   * throws `SubscriptionLost` when it breaks; nothing reconnects by itself. Aborting `call.signal` or returning the iterator ends it on
   * both sides; the deadline is for the start only.
   */
  subscribe(request: SubgraphFetch, call: SubgraphCall): Promise<AsyncIterable<SubgraphAnswer> | SubgraphAnswer>;
  /** Whether the subgraph says it can serve. Never rejects. */
  isReady(): Promise<boolean>;
}
