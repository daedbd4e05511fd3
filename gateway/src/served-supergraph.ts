import { assertValidSchema } from 'graphql';

import type { AuthorizationMode } from './authorization/rejection.ts';
import type { FetchObserver, PlanExecutor, PlanExecutorDeps } from './execution/plan-executor.ts';
import { createOperationCache } from './operation-cache.ts';
import type { OperationCache } from './operation-cache.ts';
import { loadSupergraph, SupergraphError } from './supergraph.ts';
import type { ShareRuns } from './shared-runs.ts';
import type { Supergraph } from './supergraph.ts';
import type { SubgraphTransport } from './transport/subgraph-transport.ts';
import type { TransportLeases } from './transport/transport-leases.ts';

/** A supergraph with all that it takes to serve it. */
export interface ServedSupergraph {
  readonly supergraph: Supergraph;
  readonly transports: ReadonlyMap<string, SubgraphTransport>;
  readonly operations: OperationCache;
  /** Counts a request that uses it. Until the function it answers is called, nothing of it is let go of. */
  hold(): () => void;
  /** Aborted when another one has taken over: what goes on for long has to come to an end. */
  readonly retired: AbortSignal;
  /** False once its transports have been let go of. */
  isUsable(): boolean;
  /** Lets go of the transports when no request uses it, though not before `graceMs`: some may just be on their way to it. */
  retire(graceMs: number): void;
}

export interface ServingDeps {
  leases: TransportLeases;
  createExecutor: (deps: PlanExecutorDeps) => PlanExecutor;
  onFetch: FetchObserver | undefined;
  keptOperations: number;
  authorizationMode: AuthorizationMode;
  /** Left out: every request has a run of its own. */
  shareRuns?: ShareRuns | undefined;
}

/** Loads and checks a supergraph. Throws a `SupergraphError` for one that cannot be served. */
export function prepareSupergraph(sdl: string, deps: ServingDeps): ServedSupergraph {
  const supergraph = loadSupergraph(sdl);
  assertServable(supergraph);
  const lease = deps.leases.lease(supergraph.subgraphs);
  const transports = lease.byName;
  const executor = deps.createExecutor({ supergraph, transports, onFetch: deps.onFetch });
  const operations = createOperationCache({
    supergraph,
    executor,
    authorizationMode: deps.authorizationMode,
    shareRuns: deps.shareRuns,
    max: deps.keptOperations,
  });

  let phase: 'serving' | 'retiring' | 'released' = 'serving';
  let requests = 0;
  const retirement = new AbortController();
  let isGraceOver = false;
  const releaseWhenUnused = () => {
    if (phase !== 'retiring' || requests > 0 || !isGraceOver) return;
    phase = 'released';
    operations.clear();
    void lease.release();
  };
  const leave = () => {
    requests -= 1;
    if (phase === 'retiring') releaseWhenUnused();
  };
  return {
    supergraph,
    transports,
    operations,
    hold() {
      requests += 1;
      return leave;
    },
    retired: retirement.signal,
    isUsable: () => phase !== 'released',
    retire(graceMs) {
      if (phase !== 'serving') return;
      phase = 'retiring';
      retirement.abort();
      setTimeout(() => {
        isGraceOver = true;
        releaseWhenUnused();
      }, graceMs).unref();
    },
  };
}

// Apollo Server asks for this when the supergraph takes over, and then it is too late to say no.
function assertServable({ apiSchema }: Supergraph): void {
  try {
    assertValidSchema(apiSchema);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw new SupergraphError(`The supergraph cannot be used: ${reason}`, { cause: error });
  }
}
