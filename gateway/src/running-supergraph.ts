import type { GraphQLSchema } from 'graphql';

import { SECOND } from '@tributary/kit/clock';
import type { Clock } from '@tributary/kit/clock';
import type { Handle } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import { prepareSupergraph } from './served-supergraph.ts';
import type { ServedSupergraph, ServingDeps } from './served-supergraph.ts';
import type { SupergraphSource } from './supergraph-sources/supergraph-source.ts';
import { warmUp } from './warm-up.ts';

// Which supergraph serves, and how another one takes over: it is loaded, checked and warmed up beside the one that serves; then the
// next request is its own. Requests that the old one has begun are finished by it. One that cannot be served changes nothing.

export interface RunningSupergraph extends Handle {
  current(): ServedSupergraph;
  /** The one that an operation was validated against. */
  servedFor(schema: GraphQLSchema): ServedSupergraph;
}

export interface RunningSupergraphDeps extends ServingDeps {
  source: SupergraphSource;
  /** Time for planning the operations in use before another supergraph takes over. */
  warmUpMs: number;
  /** Told of the first supergraph and of each that follows, at the moment it takes over. */
  onServed: (served: ServedSupergraph) => void;
  clock: Clock;
  logger: Logger;
}

// A request that was validated against the old supergraph is executed a moment later.
const GRACE_MS = 1 * SECOND;

/** Serves the first supergraph when it resolves. Rejects when there is none that can be served. */
export async function runSupergraph(deps: RunningSupergraphDeps): Promise<RunningSupergraph> {
  const { source, warmUpMs, onServed, clock, logger } = deps;
  const bySchema = new WeakMap<GraphQLSchema, ServedSupergraph>();
  const abort = new AbortController();
  let served: ServedSupergraph | null = null;
  let offered: string | null = null;
  let working: Promise<void> | null = null;
  let lastProblem: string | null = null;

  const open = await source.open({
    changed(sdl) {
      offered = sdl;
      working ??= takeOffers();
    },
    failed: (error) => logProblem(error, 'the supergraph cannot be looked at; the last one goes on serving'),
  });
  try {
    takeOver(prepareSupergraph(open.sdl, deps));
  } catch (error) {
    await open.stop();
    throw error;
  }

  // One after the other, and of several that wait only the last.
  async function takeOffers(): Promise<void> {
    while (offered !== null && !abort.signal.aborted) {
      const sdl = offered;
      offered = null;
      await follow(sdl);
    }
    working = null;
  }

  async function follow(sdl: string): Promise<void> {
    const old = served;
    if (old === null) return;
    if (sdl === old.supergraph.sdl) {
      lastProblem = null; // what was refused has been taken back
      return;
    }
    const startedAt = clock.now().getTime();
    let next: ServedSupergraph | null = null;
    try {
      next = prepareSupergraph(sdl, deps);
      const used = old.operations.mostUsed();
      const warmed = await warmUp(next, used, { budgetMs: warmUpMs, clock, signal: abort.signal });
      if (abort.signal.aborted) return next.retire(0);
      takeOver(next);
      old.retire(GRACE_MS);
      lastProblem = null;
      logger.info({ ...warmed, durationMs: clock.now().getTime() - startedAt }, 'another supergraph took over');
    } catch (error) {
      next?.retire(0);
      logProblem(error, 'a supergraph was refused; the last one goes on serving');
    }
  }

  function takeOver(next: ServedSupergraph): void {
    bySchema.set(next.supergraph.apiSchema, next);
    onServed(next);
    served = next;
  }

  // Looked at every few seconds, the same thing goes wrong every few seconds.
  function logProblem(error: unknown, message: string): void {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    if (reason === lastProblem) return;
    lastProblem = reason;
    logger.error({ reason }, message);
  }

  function current(): ServedSupergraph {
    return served!; // set before anybody gets to call this
  }

  return {
    current,
    servedFor(schema) {
      const found = bySchema.get(schema);
      return found?.isUsable() ? found : current();
    },
    async stop() {
      abort.abort();
      await open.stop();
      await working;
      current().operations.clear();
      await deps.leases.stop();
    },
  };
}
