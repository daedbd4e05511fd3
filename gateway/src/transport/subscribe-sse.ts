import type { Dispatcher } from 'undici';

import { UnexpectedStatus } from './post-json.ts';
import { createEventStreamParser } from './event-stream-parser.ts';
import { discardBody, isJsonType, parseJson, readJsonBody, UnusableBody } from './read-body.ts';

// A subscription over server-sent events: GraphQL over SSE, mode of distinct connections. One POST, whose answer is the stream.

export interface SsePost {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Until the answer begins. */
  timeoutMs: number;
  /** Longest silence; comments count as life. 0 waits forever. */
  idleTimeoutMs: number;
  maxEventBytes: number;
  signal: AbortSignal;
}

// Exactly this: some servers look for nothing else.
const EVENT_STREAM = 'text/event-stream';

/**
 * Resolves to the results as they arrive, or to the single result of a subgraph that refuses. The iterator throws when the stream ends
 * without `complete`. Rejects with `UnexpectedStatus`, `UnusableBody`, or the error of the connection. Redirects are not followed.
 */
export async function subscribeOverSse(
  dispatcher: Dispatcher,
  { path, headers, body, timeoutMs, idleTimeoutMs, maxEventBytes, signal }: SsePost,
): Promise<{ events: AsyncIterable<unknown> } | { answer: unknown }> {
  const answer = await dispatcher.request({
    method: 'POST',
    path,
    headers: { ...headers, accept: EVENT_STREAM, 'content-type': 'application/json' },
    body,
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: idleTimeoutMs,
  });
  const { statusCode: status, headers: answered } = answer;
  const type = String(answered['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase();
  if (status === 200 && type === EVENT_STREAM) return { events: readEvents(answer.body, maxEventBytes) };
  const isAnswer = (status >= 200 && status < 300) || status === 400;
  if (isAnswer && isJsonType(answered['content-type'])) return { answer: await readJsonBody(answer, maxEventBytes) };
  discardBody(answer.body);
  throw isAnswer ? new UnusableBody('The body is no event stream.') : new UnexpectedStatus(status);
}

async function* readEvents(body: Dispatcher.ResponseData['body'], maxEventBytes: number): AsyncGenerator<unknown> {
  const parse = createEventStreamParser({ maxEventBytes });
  try {
    for await (const chunk of body as AsyncIterable<Buffer>)
      for (const { type, data } of parse(chunk)) {
        if (type === 'complete') return;
        if (type === 'next') yield parseJson(data);
      }
    throw new Error('The event stream ended without being completed.');
  } finally {
    discardBody(body);
  }
}
