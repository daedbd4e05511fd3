import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { ClientOptions as SocketOptions } from 'ws';

import type { SubgraphRequest } from '@tributary/kit/subgraph';

import { createEventQueue } from '../event-queue.ts';
import { checkAnswer } from './check-answer.ts';
import { SubscriptionLost } from './subgraph-transport.ts';

// A subscription over a WebSocket, protocol graphql-transport-ws. Each has a connection of its own, because the caller's identity is
// told once per connection.

export interface SocketSubscription {
  url: string;
  /** Go along with the handshake, and as the payload of `connection_init`. */
  headers: Readonly<Record<string, string>>;
  request: SubgraphRequest;
  /** Until the subgraph has acknowledged the connection. */
  timeoutMs: number;
  /** Longest silence; the subgraph has to answer pings. 0 waits forever. */
  idleTimeoutMs: number;
  maxEventBytes: number;
  signal: AbortSignal;
}

// Events that wait to be read. Above the first number the socket is not read from, below the second it is again.
const PAUSE_AT = 32;
const RESUME_AT = 8;

/**
 * Resolves to the results as they arrive, when the subgraph has acknowledged the connection. Rejects with, and the iterator throws,
 * whatever ends the connection before `complete`, and `SubscriptionLost` for errors of the subgraph. Nothing reconnects.
 */
export async function subscribeOverWebSocket(subscription: SocketSubscription): Promise<AsyncIterable<unknown>> {
  const { url, headers, request, timeoutMs, signal } = subscription;
  const acknowledged = Promise.withResolvers<undefined>();
  let socket: WebSocket | null = null;
  const client = createClient({
    url,
    webSocketImpl: socketClass(subscription, (opened) => (socket = opened)),
    connectionParams: { ...headers },
    connectionAckWaitTimeout: timeoutMs,
    retryAttempts: 0,
    on: { connected: () => acknowledged.resolve(undefined) },
  });
  const abort = () => {
    events.cut();
    acknowledged.reject(new Error('Nobody waits for the subscription.'));
    socket?.terminate();
  };
  const events = createEventQueue<unknown>({
    onTake: () => {
      if (events.size <= RESUME_AT && socket?.isPaused === true) socket.resume();
    },
    onDone: () => {
      signal.removeEventListener('abort', abort);
      unsubscribe();
      if (socket?.isPaused === true) socket.terminate();
    },
  });
  const fail = (error: Error) => {
    acknowledged.reject(error);
    events.end(error);
  };
  const unsubscribe = client.subscribe(toPayload(request), {
    next(result) {
      events.push(result);
      if (events.size >= PAUSE_AT) socket?.pause();
    },
    error: (error) => fail(toError(error)),
    complete: () => events.end(),
  });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  await acknowledged.promise;
  return events;
}

function toPayload({ query, variables, operationName }: SubgraphRequest) {
  return {
    query,
    ...(variables && { variables: { ...variables } }),
    ...(operationName !== undefined && { operationName }),
  };
}

// The client gives the payload of an `error` message, the event of a closed socket, or an event of its error.
function toError(error: unknown): Error {
  if (Array.isArray(error)) return new SubscriptionLost(checkAnswer({ errors: error }).errors);
  if (error instanceof Error) return error;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return new Error(`The connection of a subscription ended: ${String(code ?? message)}.`);
}

/** The kind of socket that the client opens: bounded in size and silence, with our headers, and never redirected. */
function socketClass(
  { headers, timeoutMs, idleTimeoutMs, maxEventBytes }: SocketSubscription,
  opened: (socket: WebSocket) => void,
): unknown {
  const options: SocketOptions = {
    headers: { ...headers },
    handshakeTimeout: timeoutMs,
    maxPayload: maxEventBytes,
    perMessageDeflate: false,
    followRedirects: false,
  };
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, options);
      opened(this);
      if (idleTimeoutMs > 0) watch(this, idleTimeoutMs);
    }
  };
}

function watch(socket: WebSocket, idleTimeoutMs: number): void {
  let isAlive = true;
  const timer = setInterval(() => {
    // A socket that is not read from does not hear the pongs.
    if (!isAlive && !socket.isPaused) {
      socket.terminate();
      return;
    }
    isAlive = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, idleTimeoutMs / 2);
  for (const event of ['open', 'message', 'ping', 'pong']) socket.on(event, () => (isAlive = true));
  socket.on('close', () => clearInterval(timer));
}
