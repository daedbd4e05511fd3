import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { WebSocket } from 'ws';

// Clients that see what is on the wire. They read only when they are asked to.

export interface Operation {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

export interface StreamAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  /** The next event or part that is no heartbeat; undefined at the end. */
  next(): Promise<unknown>;
  /** All that is left. */
  rest(): Promise<unknown[]>;
  /** The body as it came. */
  text(): Promise<string>;
  /** Leaves without a word. */
  leave(): void;
  readonly response: IncomingMessage;
}

export const SSE = 'text/event-stream';
export const MULTIPART = 'multipart/mixed;subscriptionSpec=1.0';

/** Posts an operation and takes the answer as a stream. */
export async function post(
  endpoint: string,
  operation: unknown,
  { accept, headers }: { accept: string; headers?: Record<string, string> },
): Promise<StreamAnswer> {
  const request = httpRequest(endpoint, {
    method: 'POST',
    agent: false,
    headers: { accept, 'content-type': 'application/json', ...headers },
  });
  request.end(typeof operation === 'string' ? operation : JSON.stringify(operation));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  const type = String(response.headers['content-type']);
  const items = (type.startsWith(SSE) ? readEvents : readParts)(response);
  const next = async () => (await items.next()).value;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    next,
    async rest() {
      const rest: unknown[] = [];
      for (let item = await next(); item !== undefined; item = await next()) rest.push(item);
      return rest;
    },
    async text() {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      return text;
    },
    leave: () => request.destroy(),
    response,
  };
}

/** Server-sent events as `{event, data}`; comments are left out. */
async function* readEvents(response: IncomingMessage): AsyncGenerator<unknown, undefined> {
  for await (const block of split(response, '\n\n')) {
    const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith(':'));
    if (lines.length === 0) continue;
    const field = (name: string) =>
      lines
        .find((line) => line.startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim();
    const data = field('data');
    yield { event: field('event'), ...(data !== undefined && data !== '' && { data: JSON.parse(data) as unknown }) };
  }
  return undefined;
}

/** Parts of a multipart answer, heartbeats left out. */
async function* readParts(response: IncomingMessage): AsyncGenerator<unknown, undefined> {
  for await (const block of split(response, '\r\n---')) {
    const body = block.split('\r\n\r\n').slice(1).join('\r\n\r\n');
    if (block.startsWith('--')) return undefined;
    if (body !== '' && body !== '{}') yield JSON.parse(body);
  }
  return undefined;
}

async function* split(response: IncomingMessage, separator: string): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    for (let at = text.indexOf(separator); at !== -1; at = text.indexOf(separator)) {
      yield text.slice(0, at);
      text = text.slice(at + separator.length);
    }
  }
  if (text !== '') yield text;
}

export interface SocketClient extends AsyncDisposable {
  readonly socket: WebSocket;
  send(message: unknown): void;
  /** The next message; undefined when the connection is closed. */
  next(): Promise<unknown>;
  /** Code and reason, when it is closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
}

export interface SocketOptions {
  headers?: Record<string, string>;
  /** Of `connection_init`. */
  payload?: Record<string, unknown>;
  /** False: nothing is sent. */
  init?: boolean;
}

/** A WebSocket that speaks in plain messages. Acknowledged when it resolves, unless told otherwise. */
export async function connect(
  endpoint: string,
  { headers, payload, init = true }: SocketOptions = {},
): Promise<SocketClient> {
  const socket = new WebSocket(endpoint.replace(/^http/, 'ws'), 'graphql-transport-ws', headers ? { headers } : {});
  const messages: unknown[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()));
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() });
      wake();
    }),
  );
  await once(socket, 'open');
  const client: SocketClient = {
    socket,
    send: (message) => socket.send(JSON.stringify(message)),
    async next() {
      while (messages.length === 0) {
        if (socket.readyState === WebSocket.CLOSED) return undefined;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return messages.shift();
    },
    closed,
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
  if (!init) return client;
  client.send({ type: 'connection_init', ...(payload && { payload }) });
  const first = await client.next();
  if ((first as { type?: string } | undefined)?.type !== 'connection_ack')
    throw new Error(`The connection was not acknowledged: ${JSON.stringify(first ?? (await closed))}.`);
  return client;
}
