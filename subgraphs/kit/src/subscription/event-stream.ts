import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

import type { ExecutionResult } from 'graphql';

import { SECOND } from '../clock.ts';
import { DomainError, goingAway } from '../errors.ts';

// A subscription as server-sent events: GraphQL over SSE, mode of distinct connections. A stream that ends without `complete` was cut off:
// events may have been missed, and a last result with nothing but errors says why, where that is known.

export interface EventStreamOptions {
  /** Time between two comments that show that the stream is alive. */
  heartbeatMs?: number;
  /** A reader who takes nothing for this long is cut off. */
  stalledMs?: number;
}

export interface EventStreams {
  /** Sends the results until they end, the reader leaves or the streams are ended. Never rejects. */
  send(response: ServerResponse, results: AsyncIterable<ExecutionResult>): Promise<void>;
  /** Ends all that are open, and those that come, with GOING_AWAY. */
  end(): void;
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};
const HEARTBEAT = ':\n\n';

export function createEventStreams({
  heartbeatMs = 15 * SECOND,
  stalledMs = 30 * SECOND,
}: EventStreamOptions = {}): EventStreams {
  const ending = new AbortController();

  async function send(response: ServerResponse, results: AsyncIterable<ExecutionResult>): Promise<void> {
    const source = results[Symbol.asyncIterator]();
    const closed = new AbortController();
    const leave = () => void source.return?.().catch(() => undefined);
    response.once('close', () => {
      closed.abort();
      leave();
    });
    response.on('error', leave); // something was written to a reader who had just left
    ending.signal.addEventListener('abort', leave, { once: true });
    if (ending.signal.aborted) leave();
    const heartbeat = setInterval(() => {
      if (!response.writableNeedDrain) response.write(HEARTBEAT);
    }, heartbeatMs);
    try {
      response.writeHead(200, HEADERS);
      response.write(HEARTBEAT); // the headers alone may wait for a first byte
      for (let next = await source.next(); next.done !== true; next = await source.next()) {
        if (!response.write(eventOf(next.value))) await drained(response, closed.signal, stalledMs);
      }
      response.end(ending.signal.aborted ? eventOf(refusalBy(goingAway())) : 'event: complete\ndata:\n\n');
    } catch (error) {
      // What the iterator does not explain is not explained to the reader either.
      if (error instanceof DomainError && !response.writableNeedDrain) response.end(eventOf(refusalBy(error)));
      else response.destroy();
    } finally {
      clearInterval(heartbeat);
      ending.signal.removeEventListener('abort', leave);
      leave();
    }
  }

  return { send, end: () => ending.abort() };
}

const eventOf = (result: ExecutionResult) => `event: next\ndata: ${JSON.stringify(result)}\n\n`;

const refusalBy = ({ code, message }: DomainError) =>
  ({ errors: [{ message, extensions: { code } }] }) as unknown as ExecutionResult;

async function drained(response: ServerResponse, closed: AbortSignal, stalledMs: number): Promise<void> {
  await once(response, 'drain', { signal: AbortSignal.any([closed, AbortSignal.timeout(stalledMs)]) });
}
