import type { ServerResponse } from 'node:http';

import type { FastifyInstance } from 'fastify';

// Ends an HTTP server without cutting anybody short. Closing alone is not enough: a kept-alive connection that was busy when the
// close began stays open until its keep-alive time is over, and one that never sent a request stays open for good.

export interface Drain {
  isDraining(): boolean;
  /**
   * Takes no more connections, answers what is in flight, then closes every connection; after `timeoutMs` also those that are still
   * busy. All calls share one promise.
   */
  stop(): Promise<void>;
}

/** Call it before the server listens. */
export function createDrain(server: FastifyInstance, timeoutMs: number): Drain {
  const inFlight = new Set<ServerResponse>();
  let draining = false;
  let stopping: Promise<void> | undefined;
  const closeWhenDone = () => {
    if (draining && inFlight.size === 0) server.server.closeAllConnections();
  };
  server.server.on('request', (_request, response: ServerResponse) => {
    inFlight.add(response);
    response.once('close', () => {
      inFlight.delete(response);
      closeWhenDone();
    });
  });
  server.addHook('onSend', async (_request, reply) => {
    if (draining) reply.header('connection', 'close');
  });

  async function stopOnce(): Promise<void> {
    draining = true;
    const cut = setTimeout(() => server.server.closeAllConnections(), timeoutMs);
    const closed = server.close();
    closeWhenDone();
    await closed;
    clearTimeout(cut);
  }
  return { isDraining: () => draining, stop: () => (stopping ??= stopOnce()) };
}
