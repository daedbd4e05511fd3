import { connect } from 'node:net';

import { createResponseReader } from './response-reader.ts';
import type { ResponseHead, ResponseReader } from './response-reader.ts';

// One kept-alive connection, which carries one request at a time. Bytes are read into a buffer that stays, and a request is one write.

/** A request and what becomes of it. Exactly one of `onText` and `onError` is called, once. */
export interface Exchange {
  /** Head and body as they are sent. */
  request: string;
  /** The request is ASCII throughout. */
  isAscii: boolean;
  maxBodyBytes: number;
  /** May throw to refuse the response. */
  onHead: (head: ResponseHead) => void;
  onText: (text: string) => void;
  onError: (error: Error) => void;
}

export interface Connection {
  /** Sends a request; the connection must be idle. */
  send(exchange: Exchange): void;
  /** Gives the exchange up, without telling it, and the connection with it. */
  destroy(): void;
  /** No byte of a response has arrived since the last request. */
  isUntouched(): boolean;
  /** Requests that it has carried to the end. */
  served(): number;
}

export interface ConnectionOptions {
  host: string;
  port: number;
  /** The connection can carry the next request. */
  onIdle: (connection: Connection, keepAliveMs: number | null) => void;
  /** The connection is gone. */
  onGone: (connection: Connection) => void;
}

const READ_BUFFER_BYTES = 64 * 1024;

/** The connection ended before the response did. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

export function openConnection({ host, port, onIdle, onGone }: ConnectionOptions): Connection {
  let exchange: Exchange | null = null;
  let reader: ResponseReader | null = null;
  let isUntouched = true;
  let served = 0;
  let isGone = false;

  const readBuffer = Buffer.allocUnsafe(READ_BUFFER_BYTES);
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    onread: {
      buffer: readBuffer,
      callback(count) {
        receive(readBuffer.subarray(0, count));
        return true;
      },
    },
  });
  socket.on('error', (error) => giveUp(error));
  socket.on('end', () => {
    if (reader?.end() === true) complete();
    giveUp(new ConnectionLost('The connection ended.'));
  });
  socket.on('close', () => giveUp(new ConnectionLost('The connection was closed.')));

  function receive(bytes: Buffer): void {
    if (!reader) {
      giveUp(new ConnectionLost('The peer sent something that nobody asked for.'));
      return;
    }
    isUntouched = false;
    try {
      if (reader.read(bytes)) complete();
    } catch (error) {
      giveUp(error as Error);
    }
  }

  function complete(): void {
    const finished = exchange;
    const response = reader;
    if (!finished || !response) return;
    exchange = null;
    reader = null;
    served += 1;
    if (response.isReusable() && !isGone) onIdle(connection, keepAliveOf(response.head()));
    else destroy();
    finished.onText(response.text());
  }

  function giveUp(error: Error): void {
    const failed = exchange;
    exchange = null;
    reader = null;
    destroy();
    failed?.onError(error);
  }

  function destroy(): void {
    if (isGone) return;
    isGone = true;
    exchange = null;
    reader = null;
    socket.destroy();
    onGone(connection);
  }

  const connection: Connection = {
    send(next) {
      exchange = next;
      isUntouched = true;
      reader = createResponseReader({ maxBodyBytes: next.maxBodyBytes, onHead: next.onHead });
      socket.write(next.request, next.isAscii ? 'latin1' : 'utf8');
    },
    destroy,
    isUntouched: () => isUntouched,
    served: () => served,
  };
  return connection;
}

// How long the peer keeps an idle connection, where it says so.
function keepAliveOf(head: ResponseHead | null): number | null {
  const [, seconds] = /(?:^|[\s,;])timeout=(\d{1,6})/i.exec(head?.headers.get('keep-alive') ?? '') ?? [];
  return seconds === undefined ? null : Number(seconds) * 1_000;
}
