import { problemOf } from '../answer-head.ts';
import { createDeadlines } from '../deadlines.ts';
import type { Deadline } from '../deadlines.ts';
import { PostCanceled, PostTimeout } from '../json-client.ts';
import type { JsonClient, JsonClientOptions, JsonPost } from '../json-client.ts';
import { ConnectionLost, openConnection } from './connection.ts';
import type { Connection, Exchange } from './connection.ts';

// A client for `http:` and nothing else: JSON out, JSON in, over kept-alive connections. It costs a little less than a general client
// for the many small requests of a gateway. `https:` is undici's.

interface IdleConnection {
  connection: Connection;
  /** Not to be used after, in milliseconds of `performance.now()`: the peer may be closing it. */
  until: number;
}

/** A request that has not been answered. */
interface Call {
  post: JsonPost;
  request: string;
  isAscii: boolean;
  deadline: Deadline;
  cancel: () => void;
  connection: Connection | null;
  /** It has lost a connection that was closed under it, and may not lose another. */
  isSecondTry: boolean;
  resolve: (text: string) => void;
  reject: (error: Error) => void;
}

// Node's servers close an idle connection after five seconds; one that is about to be closed must not be written to.
const IDLE_MS = 4_000;
const IDLE_MARGIN_MS = 1_000;

export function createPlainHttpClient(options: JsonClientOptions): JsonClient {
  const { url, maxAnswerBytes, maxConnections } = options;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? 80 : Number(url.port);
  const requestLine = `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive\r\n`;
  const deadlines = createDeadlines();
  const open = new Set<Connection>();
  const idle: IdleConnection[] = [];
  const waiting: Call[] = [];
  const calls = new Set<Call>();

  function acquire(): Connection | null {
    const now = performance.now();
    for (let last = idle.pop(); last; last = idle.pop()) {
      if (last.until > now) return last.connection;
      last.connection.destroy();
    }
    return open.size < maxConnections ? openNew() : null;
  }

  function openNew(): Connection {
    const connection = openConnection({
      host,
      port,
      onIdle(free, keepAliveMs) {
        const next = waiting.shift();
        if (next) start(next, free);
        else idle.push({ connection: free, until: performance.now() + idleTime(keepAliveMs) });
      },
      onGone(gone) {
        open.delete(gone);
        const index = idle.findIndex((each) => each.connection === gone);
        if (index !== -1) idle.splice(index, 1);
        const next = waiting.shift();
        if (next) start(next, openNew());
      },
    });
    open.add(connection);
    return connection;
  }

  function start(call: Call, connection: Connection): void {
    call.connection = connection;
    connection.send(exchangeOf(call, connection));
  }

  function exchangeOf(call: Call, connection: Connection): Exchange {
    const { post, request, isAscii } = call;
    const isFresh = connection.served() === 0;
    return {
      request,
      isAscii,
      maxBodyBytes: maxAnswerBytes,
      onHead({ status, headers }) {
        const problem = problemOf({
          status,
          contentType: headers.get('content-type'),
          contentEncoding: headers.get('content-encoding'),
        });
        if (problem) throw problem;
      },
      onText(text) {
        settle(call);
        call.resolve(text);
      },
      onError(error) {
        // The peer closed the connection while it lay idle, and has not seen the request. Nobody can be quite sure of that, so what
        // changes something is not sent again.
        const mayRetry = !isFresh && connection.isUntouched() && post.operationKind === 'query' && !call.isSecondTry;
        if (mayRetry && calls.has(call)) {
          call.isSecondTry = true;
          start(call, openNew());
          return;
        }
        settle(call);
        call.reject(error);
      },
    };
  }

  function settle(call: Call): void {
    calls.delete(call);
    deadlines.delete(call.deadline);
    call.post.signal?.removeEventListener('abort', call.cancel);
  }

  function giveUp(call: Call, error: Error): void {
    if (!calls.has(call)) return;
    settle(call);
    const index = waiting.indexOf(call);
    if (index !== -1) waiting.splice(index, 1);
    call.reject(error);
    call.connection?.destroy();
  }

  return {
    async post(post) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const bytes = Buffer.byteLength(post.body);
      const call: Call = {
        post,
        request: `${requestLine}${headerLines(post.headers)}content-length: ${bytes}\r\n\r\n${post.body}`,
        isAscii: bytes === post.body.length,
        deadline: {
          at: performance.now() + post.timeoutMs,
          expire: () => giveUp(call, new PostTimeout('No answer in time.')),
        },
        cancel: () => giveUp(call, new PostCanceled('Nobody waits for the answer.')),
        connection: null,
        isSecondTry: false,
        resolve,
        reject,
      };
      calls.add(call);
      if (post.signal?.aborted === true) {
        call.cancel();
        return promise;
      }
      post.signal?.addEventListener('abort', call.cancel, { once: true });
      deadlines.add(call.deadline);
      const connection = acquire();
      if (connection) start(call, connection);
      else waiting.push(call);
      return promise;
    },
    async destroy() {
      for (const call of [...calls]) giveUp(call, new ConnectionLost('The client was stopped.'));
      for (const connection of [...open]) connection.destroy();
    },
  };
}

function idleTime(keepAliveMs: number | null): number {
  return keepAliveMs === null ? IDLE_MS : Math.max(0, Math.min(IDLE_MS, keepAliveMs - IDLE_MARGIN_MS));
}

const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;

/** Throws for a value that would end its line. */
function headerLines(headers: Readonly<Record<string, string>>): string {
  let lines = '';
  for (const name in headers) {
    const value = headers[name]!;
    if (FORBIDDEN.test(value)) throw new TypeError(`The header "${name}" has a value that cannot be sent.`);
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}
