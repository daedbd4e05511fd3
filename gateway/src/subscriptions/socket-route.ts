import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { ServerOptions } from 'ws';

import { SECOND } from '@tributary/kit/clock';
import type { DomainError } from '@tributary/kit/errors';

import { goingAway, originNotAllowed, routeNotFound, streamLimitExceeded } from '../errors.ts';
import type { Heartbeats } from './heartbeats.ts';
import type { OpenStreams } from './open-streams.ts';
import { createSocketConnections } from './socket-connections.ts';
import type { SubscriptionsDeps } from './subscriptions-deps.ts';

export interface SocketRouteDeps extends SubscriptionsDeps {
  streams: OpenStreams;
  heartbeats: Heartbeats;
}

/** WebSockets on the endpoint's path. */
export interface SocketRoute {
  /** Takes over a connection that wants to be a WebSocket. `isLast`: nobody else looks after other paths. */
  upgrade(request: IncomingMessage, socket: Duplex, options: { head: Buffer; isLast: boolean }): void;
  /** Resolves when no connection is left: each is closed as soon as its operations are answered. */
  drain(): Promise<void>;
  /** Cuts what is left. */
  cut(): void;
}

/** Time for the other side to answer a close. */
const CLOSE_TIMEOUT_MS = 5 * SECOND;

export function createSocketRoute(deps: SocketRouteDeps): SocketRoute {
  const { path, corsOrigins, streams, maxMessageBytes } = deps;
  const connections = createSocketConnections(deps);
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false, // a compressor for each connection would take more memory than all the rest of it
    maxPayload: maxMessageBytes,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols,
  };
  const server = new WebSocketServer(options);

  return {
    upgrade(request, socket, { head, isLast }) {
      if (pathOf(request) !== path) {
        if (isLast) refuse(socket, '404 Not Found', routeNotFound());
        return;
      }
      if (!isAllowedOrigin(request, corsOrigins)) refuse(socket, '403 Forbidden', originNotAllowed());
      else if (streams.isDraining()) refuse(socket, '503 Service Unavailable', goingAway());
      else if (streams.isFull()) refuse(socket, '503 Service Unavailable', streamLimitExceeded());
      else server.handleUpgrade(request, socket, head, (opened) => connections.add(opened, request));
    },
    drain: () => connections.drain(),
    cut: () => connections.cut(),
  };
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

// Browsers ask no permission for a WebSocket, but they say which page opens it. What is no browser sends no origin.
function isAllowedOrigin({ headers: { origin, host } }: IncomingMessage, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function refuse(socket: Duplex, status: string, { code, message }: DomainError): void {
  socket.on('error', () => socket.destroy());
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  const head = [
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${randomUUID()}`,
    'connection: close',
  ];
  socket.end([`HTTP/1.1 ${status}`, ...head, '', body].join('\r\n'));
}
