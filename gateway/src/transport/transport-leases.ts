import type { Handle } from '@tributary/kit/lifecycle';

import { SupergraphError } from '../supergraph.ts';
import type { SubgraphTransport } from './subgraph-transport.ts';

// Which transports a supergraph uses. Two supergraphs are in use while one follows the other; a subgraph that both have is reached
// over the same connections, and one that nobody uses any more is let go of.

/** A subgraph as the supergraph names it. */
export interface SubgraphPlace {
  name: string;
  url: string;
}

/** Makes the transport to a subgraph. Throws a `SupergraphError` where there is no way to it. */
export type CreateTransport = (subgraph: SubgraphPlace) => SubgraphTransport;

export interface TransportLease {
  readonly byName: ReadonlyMap<string, SubgraphTransport>;
  /** Call it once, when no fetch is sent any more. */
  release(): Promise<void>;
}

export interface TransportLeases extends Handle {
  /** One transport for each subgraph. Throws a `SupergraphError` that names all subgraphs that cannot be reached. */
  lease(subgraphs: readonly SubgraphPlace[]): TransportLease;
}

/** Transports that somebody else made, and stops. */
export function leaseGiven(transports: readonly SubgraphTransport[]): TransportLeases {
  const byName = new Map(transports.map((transport) => [transport.name, transport]));
  return {
    lease(subgraphs) {
      const missing = subgraphs.filter(({ name }) => !byName.has(name)).map(({ name }) => name);
      if (missing.length > 0)
        throw new SupergraphError(`The supergraph has subgraphs that no transport leads to: ${missing.join(', ')}.`);
      return { byName, release: async () => undefined };
    },
    stop: async () => undefined,
  };
}

/** Transports that are made when a supergraph first needs them, one for each name and URL. */
export function leaseMade(create: CreateTransport): TransportLeases {
  const made = new Map<string, { transport: SubgraphTransport; users: number }>();

  function take(subgraph: SubgraphPlace): SubgraphTransport {
    const key = keyOf(subgraph);
    let entry = made.get(key);
    if (!entry) made.set(key, (entry = { transport: create(subgraph), users: 0 }));
    entry.users += 1;
    return entry.transport;
  }

  async function leave(subgraph: SubgraphPlace): Promise<void> {
    const key = keyOf(subgraph);
    const entry = made.get(key);
    if (!entry) return;
    entry.users -= 1;
    if (entry.users > 0) return;
    made.delete(key);
    await entry.transport.stop();
  }

  async function leaveAll(subgraphs: readonly SubgraphPlace[]): Promise<void> {
    await Promise.all(subgraphs.map(leave));
  }

  return {
    lease(subgraphs) {
      const byName = new Map<string, SubgraphTransport>();
      const taken: SubgraphPlace[] = [];
      const failures: unknown[] = [];
      for (const subgraph of subgraphs)
        try {
          byName.set(subgraph.name, take(subgraph));
          taken.push(subgraph);
        } catch (error) {
          failures.push(error);
        }
      if (failures.length > 0) {
        void leaveAll(taken);
        throw together(failures);
      }
      return { byName, release: () => leaveAll(taken) };
    },
    async stop() {
      const all = [...made.values()];
      made.clear();
      await Promise.all(all.map(({ transport }) => transport.stop()));
    },
  };
}

function together(failures: readonly unknown[]): Error {
  const bug = failures.find((each) => !(each instanceof SupergraphError));
  if (bug !== undefined) return bug instanceof Error ? bug : new Error('Something was thrown that is no Error.');
  return new SupergraphError(failures.map((each) => (each as SupergraphError).message).join('\n'));
}

function keyOf({ name, url }: SubgraphPlace): string {
  return `${name} ${url}`;
}
