import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import type { FastifyInstance } from 'fastify';

import { createOpenStreams } from './open-streams.ts';
import { createHeartbeats } from './heartbeats.ts';
import { createHttpRoute } from './http-route.ts';
import type { AnswerWithStream } from './http-route.ts';
import { createFormatErrors } from './run-operation.ts';
import { createSocketRoute } from './socket-route.ts';
import type { SocketRoute } from './socket-route.ts';
import { createSources } from './sources.ts';
import type { SubscriptionsDeps } from './subscriptions-deps.ts';

/** Streams to clients: subscriptions over server-sent events, Apollo's multipart protocol and WebSockets. */
export interface Subscriptions {
  /** For requests over HTTP that take a stream. */
  readonly answer: AnswerWithStream;
  readonly sockets: SocketRoute;
  /** Ends all streams and takes no more. Resolves when the WebSockets are closed; answers over HTTP are the server's to wait for. */
  readonly drain: () => Promise<void>;
  /** Cuts the WebSockets that are still open. */
  readonly cut: () => void;
}

export function createSubscriptions(deps: SubscriptionsDeps): Subscriptions {
  const { limits } = deps;
  const sources = createSources({ ...deps, formatErrors: createFormatErrors(deps.formatError, deps) });
  const streams = createOpenStreams({ ...deps, sources });
  const heartbeats = createHeartbeats(limits.heartbeatMs);
  const parts = { ...deps, streams, heartbeats };
  const sockets = createSocketRoute(parts);
  return {
    answer: createHttpRoute(parts),
    sockets,
    async drain() {
      streams.drain();
      await sockets.drain();
      await heartbeats.stop();
    },
    cut: () => sockets.cut(),
  };
}

/**
 * Lets the routes of this scope answer with streams, and its server take WebSockets. Mount it before the routes; the bodies have to be
 * parsed. The streams are ended when the server closes.
 */
export function mountSubscriptions(app: FastifyInstance, { answer, sockets, drain }: Subscriptions): void {
  app.addHook('preHandler', async (request, reply) => {
    await answer(request, reply);
    return reply.sent ? reply : undefined;
  });
  app.addHook('preClose', drain);
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    sockets.upgrade(request, socket, { head, isLast: app.server.listenerCount('upgrade') === 1 });
  app.server.on('upgrade', upgrade);
}
