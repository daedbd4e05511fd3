import type { FastifyInstance } from 'fastify';

import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';

import type { SubgraphTransport } from './transport/subgraph-transport.ts';

export interface HealthDeps {
  /** Those in use; null before there are any. */
  transports: () => Iterable<SubgraphTransport> | null;
  isDraining: () => boolean;
  clock: Clock;
}

// Anybody may ask for readiness, and each question would go to every subgraph.
const READY_CACHE_MS = 1 * SECOND;

/** `/livez`: the process answers. `/readyz`: requests may be sent here, because every subgraph can serve and nothing is stopping. */
export function mountHealth(app: FastifyInstance, { transports, isDraining, clock }: HealthDeps): void {
  let checked: { ready: Promise<boolean>; at: number } | undefined;
  const areSubgraphsReady = (): Promise<boolean> => {
    const now = clock.now().getTime();
    if (!checked || now - checked.at >= READY_CACHE_MS) {
      checked = { ready: areReady(transports()), at: now };
    }
    return checked.ready;
  };

  app.get('/livez', () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    if (isDraining()) return reply.code(503).send({ status: 'draining' });
    const ready = await areSubgraphsReady();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
}

async function areReady(transports: Iterable<SubgraphTransport> | null): Promise<boolean> {
  if (transports === null) return false;
  const answers = await Promise.all([...transports].map((transport) => transport.isReady()));
  return answers.every(Boolean);
}
