import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { HeaderMap } from '@apollo/server';
import type { HTTPGraphQLResponse } from '@apollo/server';
import { GraphQLSchema, parse } from 'graphql';
import type { ExecutionArgs, FormattedExecutionResult } from 'graphql';
import type { ServerOptions, SubscribePayload } from 'graphql-ws';

import type { DomainError } from '@tributary/kit/errors';
import { invariant } from '@tributary/kit/invariant';

import { identifyCaller } from '../auth/identify-caller.ts';
import type { Credentials, Session } from '../auth/authenticate.ts';
import { TokenRefused } from '../auth/token-errors.ts';
import type { RequestRecord } from '../context.ts';
import { INTERNAL_MESSAGE, INTERNAL_SERVER_ERROR, operationLimitExceeded } from '../errors.ts';
import { logRequest } from '../request-log.ts';
import { newRecord, newRequestId } from '../request-records.ts';
import { traceparentOf } from '../trace-context.ts';
import { pickHeaders } from '../transport/forwarded-headers.ts';
import type { ClientStream } from './client-stream.ts';
import { runOperation } from './run-operation.ts';
import { credentialsOf } from './socket-credentials.ts';
import type { SocketRouteDeps } from './socket-route.ts';
import { endedBy, StreamEnded } from './stream-ended.ts';

// Operations that come over a WebSocket. Each has a record and a line in the log of its own, as if it had come as a request.

/** A connection as its operations see it. */
export interface SocketConnection {
  readonly requestId: string;
  readonly traceparent: string;
  /** Headers of the client that transports may pass on: those of the handshake, or of the same names in `connection_init`. */
  headers: Readonly<Record<string, string>> | undefined;
  /** Aborted when the connection is closed. */
  readonly gone: AbortController;
  readonly credentials: Credentials;
  /** Null until `connection_init`. */
  session: Session | null;
  /** By the very message that asked: a client may use an id again before its last operation is forgotten. */
  readonly running: Map<SubscribePayload, RunningOperation>;
  /** Why the connection takes no more operations. */
  ending: DomainError | null;
  /** The client does not read its events. */
  tooSlow: () => void;
  /** Nothing runs any more on a connection that is ending. */
  finished: () => void;
}

export interface RunningOperation {
  record: RequestRecord;
  stream: ClientStream | null;
}

type Hooks = ServerOptions<Record<string, unknown>, SocketConnection>;

export interface SocketOperations {
  hooks: Pick<Required<Hooks>, 'onSubscribe' | 'execute' | 'onNext' | 'onError' | 'onComplete'>;
  /** What is known of a connection by its handshake. */
  begin(request: IncomingMessage): Omit<SocketConnection, 'tooSlow' | 'finished'>;
  /** Ends the connection's streams with this reason and takes no more operations; what else runs is answered. */
  end(connection: SocketConnection, reason: DomainError): void;
}

const stub = parse('{ stub }');
const stubSchema = new GraphQLSchema({});

export function createSocketOperations(deps: SocketRouteDeps): SocketOperations {
  const { limits, streams, clock, logger, deadlineMs, forwardHeaders } = deps;

  const options = { clock, deadlineMs };

  async function start(
    connection: SocketConnection,
    payload: SubscribePayload,
    running: RunningOperation,
  ): Promise<Outcome> {
    const { record } = running;
    const { session: opened } = connection;
    invariant(opened, 'An operation came before the connection was acknowledged.');
    const identify = () => identifyCaller(() => sessionNow(opened), { record, logger });
    const headers = new HeaderMap([
      ...Object.entries(connection.headers ?? {}),
      ['content-type', 'application/json'],
      ['x-request-id', record.requestId],
      ['traceparent', record.traceparent],
    ]);
    const request = { method: 'POST', headers, search: '', body: { ...payload } };
    const outcome = await runOperation({ request, record, identify }, deps);
    if (outcome.kind === 'answer') return answerOf(outcome.answer);
    const { subscription, session } = outcome;
    const { tooSlow } = connection;
    const stream = await streams.open({ subscription, session, record, onTooSlow: tooSlow });
    if (stream instanceof StreamEnded) return refused(stream);
    running.stream = stream;
    if (connection.ending) stream.cut(connection.ending);
    return resultsOf(stream);
  }

  /** The session with the principal as of now: rights may have changed since the connection was opened. */
  async function sessionNow(session: Session): Promise<Session> {
    if (session.expiresAt !== null && session.expiresAt <= clock.now().getTime())
      throw new TokenRefused('The token of the connection has expired.');
    return { ...session, principal: await session.again() };
  }

  function finish(connection: SocketConnection, payload: SubscribePayload): void {
    const running = connection.running.get(payload);
    if (!running) return;
    connection.running.delete(payload);
    logRequest(running.record, { status: 'websocket', clock, logger });
    finishConnection(connection);
  }

  // The message that ends the operation is sent after the hook that tells of it.
  function finishConnection({ ending, running, finished }: SocketConnection): void {
    if (ending !== null && running.size === 0) setImmediate(finished);
  }

  return {
    begin: (request) => ({
      requestId: newRequestId(request),
      traceparent: traceparentOf(request.headers.traceparent),
      credentials: credentialsOf(request),
      headers: pickHeaders(request.headers, forwardHeaders),
      gone: new AbortController(),
      session: null,
      running: new Map(),
      ending: null,
    }),
    end(connection, reason) {
      connection.ending ??= reason;
      for (const { stream } of connection.running.values()) stream?.cut(reason);
      finishConnection(connection);
    },
    hooks: {
      async onSubscribe({ extra: connection }, _id, payload) {
        const { ending, running: operations, traceparent } = connection;
        const limit = limits.operationsPerConnection;
        if (ending) return argumentsFor(refused(endedBy(ending)));
        if (operations.size >= limit) return argumentsFor(refused(endedBy(operationLimitExceeded({ limit }))));
        const { signal } = connection.gone;
        const record = newRecord(
          { requestId: randomUUID(), traceparent, signal, headers: connection.headers },
          options,
        );
        const running: RunningOperation = { record, stream: null };
        operations.set(payload, running);
        return argumentsFor(await start(connection, payload, running));
      },
      execute: ({ contextValue }) => contextValue as OperationResult,
      // Results are in the form that clients see; the library would try to give them one.
      onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
      onError({ extra: { requestId } }, _id, _payload, [error]) {
        const ended = error?.originalError;
        if (ended instanceof StreamEnded) return ended.errors;
        logger.error({ err: ended ?? error, requestId }, 'an operation of a WebSocket failed');
        return [{ message: INTERNAL_MESSAGE, extensions: { code: INTERNAL_SERVER_ERROR } }];
      },
      onComplete: ({ extra: connection }, _id, payload) => finish(connection, payload),
    },
  };
}

type OperationResult = ReturnType<NonNullable<Hooks['execute']>>;
type Outcome = FormattedExecutionResult | AsyncIterable<FormattedExecutionResult>;

// The library wants to find the operation itself; Apollo Server has done that already, in the real document.
function argumentsFor(contextValue: Outcome): ExecutionArgs {
  return { document: stub, schema: stubSchema, contextValue };
}

/** An answer of errors alone says that the operation did not run. The protocol has a message of its own for that. */
function answerOf({ body }: HTTPGraphQLResponse): Outcome {
  invariant(body.kind === 'complete', 'A WebSocket was answered in parts.');
  const result = JSON.parse(body.string) as FormattedExecutionResult;
  return result.errors && result.data === undefined ? refused(new StreamEnded(result.errors)) : result;
}

function refused(ended: StreamEnded): AsyncIterable<FormattedExecutionResult> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(ended) }) };
}

function resultsOf(stream: ClientStream): AsyncIterableIterator<FormattedExecutionResult, undefined> {
  const end = { done: true, value: undefined } as const;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const next = await stream.next();
      return next.done === true ? end : { done: false, value: next.value.result };
    },
    async return() {
      await stream.return();
      return end;
    },
  };
}
