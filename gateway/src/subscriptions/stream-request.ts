import type { Principal } from '@tributary/kit/principal';

import type { PlanRequest, PreparedOperation } from '../execution/plan-executor.ts';

// How an operation that has gone through Apollo Server becomes a stream: who can answer with one says so in the operation's context,
// and the executor leaves a subscription there, checked and planned but not begun.

/** Key in the context of an operation. */
export const STREAM = Symbol('stream');

/** Apollo Server copies the context, so what changes lives one level deeper. */
export interface StreamContext {
  readonly [STREAM]?: { subscription: RequestedSubscription | null };
}

/** A subscription that a client asks for. */
export interface RequestedSubscription extends PlanRequest {
  prepared: PreparedOperation;
  /** Whether the policies that the subscription began with hold as before. Rejects when that cannot be told. */
  isStillAllowed: (principal: Principal | null) => Promise<boolean>;
  /** Aborted when another supergraph has taken over from the one that it was planned for. */
  retired: AbortSignal;
}
