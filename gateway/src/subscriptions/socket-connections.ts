import type { IncomingMessage } from 'node:http';

import { GraphQLError } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';

import type { DomainError } from '@tributary/kit/errors';

import { identifyCaller } from '../auth/identify-caller.ts';
import type { Session } from '../auth/authenticate.ts';
import { goingAway, invalidToken, subscriberTooSlow, tokenExpired } from '../errors.ts';
import { newRecord } from '../request-records.ts';
import { CloseCode } from './close-codes.ts';
import { headersWith, readSocketCredentials } from './socket-credentials.ts';
import { createSocketOperations } from './socket-operations.ts';
import type { SocketConnection } from './socket-operations.ts';
import type { SocketRouteDeps } from './socket-route.ts';

// WebSocket connections: the library speaks the protocol graphql-transport-ws, this file looks after the sockets.

export interface SocketConnections {
  add(socket: WebSocket, request: IncomingMessage): void;
  drain(): Promise<void>;
  cut(): void;
}

interface OpenConnection extends SocketConnection {
  readonly socket: WebSocket;
  isAlive: boolean;
  expiry: NodeJS.Timeout | undefined;
  /** With which it is closed when nothing runs any more. */
  closeCode: number | undefined;
}

export function createSocketConnections(deps: SocketRouteDeps): SocketConnections {
  const { authenticate, forwardHeaders, limits, streams, heartbeats, clock, logger, deadlineMs } = deps;
  const operations = createSocketOperations(deps);
  const open = new Set<OpenConnection>();
  let drained: PromiseWithResolvers<void> | null = null;

  const server = makeServer<Record<string, unknown>, OpenConnection>({
    ...operations.hooks,
    connectionInitWaitTimeout: limits.initTimeoutMs,
    jsonMessageReviver: refuseReservedKeys,
    async onConnect(context) {
      const { extra: connection, connectionParams } = context;
      delete (context as { connectionParams?: unknown }).connectionParams; // the token is not kept
      const session = await identify(connection, connectionParams);
      if (!session) return false;
      connection.session = session;
      connection.headers = headersWith(connection.headers, connectionParams, forwardHeaders);
      if (session.expiresAt !== null) {
        const expire = () => closeWith(connection, { reason: tokenExpired(), closeCode: CloseCode.forbidden });
        connection.expiry = setTimeout(expire, Math.max(0, session.expiresAt - clock.now().getTime()));
      }
      return true;
    },
  });

  /** Closes the connection of a caller who is not let in. */
  async function identify(
    connection: OpenConnection,
    payload: Readonly<Record<string, unknown>> | undefined,
  ): Promise<Session | null> {
    const { requestId, traceparent, credentials, socket } = connection;
    const asked = { requestId, traceparent, signal: connection.gone.signal, headers: undefined };
    const record = newRecord(asked, { clock, deadlineMs });
    try {
      const open = async () => authenticate(readSocketCredentials(credentials, payload));
      return await identifyCaller(open, { record, logger });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      const code = String(error.extensions.code);
      const isRefused = code === invalidToken().code;
      socket.close(
        isRefused ? CloseCode.forbidden : CloseCode.tryAgainLater,
        toReason({ code, message: error.message }),
      );
      return null;
    }
  }

  /** Ends what runs, and the connection when that is told. */
  function closeWith(
    connection: OpenConnection,
    { reason, closeCode }: { reason: DomainError; closeCode: number },
  ): void {
    connection.closeCode ??= closeCode;
    operations.end(connection, reason);
  }

  function finished({ socket, ending, closeCode }: OpenConnection): void {
    if (ending && closeCode !== undefined) socket.close(closeCode, toReason(ending));
  }

  /** Ends a connection whose client does not read: what it is told it may still take for a moment. */
  function tooSlow({ socket, requestId }: OpenConnection): void {
    logger.info({ requestId }, 'a WebSocket was closed because its client does not read');
    socket.close(CloseCode.tryAgainLater, toReason(subscriberTooSlow()));
  }

  function add(socket: WebSocket, request: IncomingMessage): void {
    const release = streams.count();
    const connection: OpenConnection = {
      ...operations.begin(request),
      socket,
      isAlive: true,
      expiry: undefined,
      closeCode: undefined,
      tooSlow: () => tooSlow(connection),
      finished: () => finished(connection),
    };
    open.add(connection);
    const stopBeating = heartbeats.add(() => beat(connection));
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve) => {
            if (socket.readyState === socket.OPEN) socket.send(data, () => resolve());
            else resolve();
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) => socket.on('message', (data: Buffer) => onMessage(connection, data, receive)),
      },
      connection,
    );
    socket.on('pong', () => (connection.isAlive = true));
    socket.on('error', () => undefined); // the close that follows tells all there is to do
    socket.once('close', (code, reason) => {
      clearTimeout(connection.expiry);
      stopBeating();
      release();
      connection.gone.abort();
      open.delete(connection);
      if (open.size === 0) drained?.resolve();
      void closed(code, String(reason));
    });
  }

  function onMessage(connection: OpenConnection, data: Buffer, receive: (data: string) => Promise<void>): void {
    connection.isAlive = true;
    // Answers pile up where a client asks and asks and reads nothing.
    if (connection.socket.bufferedAmount > limits.queuedBytes) {
      tooSlow(connection);
      return;
    }
    receive(data.toString('utf8')).catch((error: unknown) => {
      logger.error({ err: error, requestId: connection.requestId }, 'a message of a WebSocket failed');
      connection.socket.close(CloseCode.internal, 'INTERNAL_SERVER_ERROR');
    });
  }

  function beat(connection: OpenConnection): void {
    const { socket } = connection;
    if (!connection.isAlive) {
      socket.terminate();
      return;
    }
    connection.isAlive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }

  return {
    add,
    async drain() {
      drained ??= Promise.withResolvers();
      for (const connection of open) closeWith(connection, { reason: goingAway(), closeCode: CloseCode.goingAway });
      if (open.size === 0) drained.resolve();
      await drained.promise;
    },
    cut() {
      for (const { socket } of open) socket.terminate();
    },
  };
}

/** At most 123 bytes go into a close. */
function toReason(reason: Pick<DomainError, 'code' | 'message'>): string {
  const text = `${reason.code}: ${reason.message}`;
  return Buffer.byteLength(text) <= 123 ? text : reason.code;
}

// As in the body of a request: keys that would reach behind an object are refused with the message that has them.
function refuseReservedKeys(key: string, value: unknown): unknown {
  const isReserved =
    key === '__proto__' || (key === 'constructor' && Object.hasOwn(Object(value) as object, 'prototype'));
  if (isReserved) throw new Error('The message has a reserved key.');
  return value;
}
