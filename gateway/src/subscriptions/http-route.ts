import { HeaderMap } from '@apollo/server';
import type { HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { identifyCaller } from '../auth/identify-caller.ts';
import type { RequestRecord } from '../context.ts';
import { streamLimitExceeded } from '../errors.ts';
import { acceptedStream, namesJson } from './accepted-stream.ts';
import type { AcceptedStream } from './accepted-stream.ts';
import { cutStream, sendStream } from './http-stream.ts';
import type { Heartbeats } from './heartbeats.ts';
import type { OpenStreams } from './open-streams.ts';
import { runOperation } from './run-operation.ts';
import type { OperationOutcome } from './run-operation.ts';
import { endedBy, StreamEnded } from './stream-ended.ts';
import { streamFormats } from './stream-formats.ts';
import type { SubscriptionsDeps } from './subscriptions-deps.ts';

// Requests over HTTP that take a stream as their answer.

export interface HttpRouteDeps extends SubscriptionsDeps {
  streams: OpenStreams;
  heartbeats: Heartbeats;
}

type RequestedStream = Extract<OperationOutcome, { kind: 'subscription' }>;

/** Answers the request when it takes a stream, and does nothing otherwise. */
export type AnswerWithStream = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

// What was refused before it was looked at as GraphQL. Of a response with status 200 nobody would notice.
const NO_OPERATION = 'BAD_REQUEST';

export function createHttpRoute(deps: HttpRouteDeps): AnswerWithStream {
  const { path, authenticate, recordOf, streams, heartbeats, logger } = deps;

  async function subscribe(
    { subscription, session }: Pick<RequestedStream, 'subscription' | 'session'>,
    { reply, record, accepted }: { reply: FastifyReply; record: RequestRecord; accepted: AcceptedStream },
  ): Promise<void> {
    const response = reply.raw;
    if (streams.isFull()) {
      await answer(reply, { accepted, status: 503, text: textOf(endedBy(streamLimitExceeded())) });
      return;
    }
    const onTooSlow = () => cutStream(response);
    const stream = await streams.open({ subscription, session, record, onTooSlow });
    if (stream instanceof StreamEnded) {
      await answer(reply, { accepted, status: 200, text: textOf(stream) });
      return;
    }
    if (response.destroyed) {
      void stream.return();
      return;
    }
    const format = streamFormats[accepted.kind];
    const release = streams.count();
    reply.hijack();
    response.writeHead(200, { ...headersOf(reply), 'content-type': format.contentType, 'x-accel-buffering': 'no' });
    await sendStream(stream, { response, format, heartbeats }).finally(release);
    if (streams.isDraining()) response.once('finish', () => response.socket?.end());
  }

  return async (request, reply) => {
    const accepted = request.url.split('?', 1)[0] === path ? acceptedStream(request.headers.accept) : null;
    if (!accepted) return;
    const record = recordOf(request, reply);
    reply.header('cache-control', 'no-store');
    const identify = () => identifyCaller(() => authenticate(request.raw), { record, logger });
    const outcome = await runOperation({ request: toGraphQLRequest(request, accepted), record, identify }, deps);
    if (outcome.kind === 'subscription') {
      await subscribe(outcome, { reply, record, accepted });
      return;
    }
    const { status = 200, headers, body } = outcome.answer;
    for (const [name, value] of headers) reply.header(name, value);
    if (body.kind === 'complete') {
      await answer(reply, { accepted, status, text: body.string });
      return;
    }
    reply.hijack();
    reply.raw.writeHead(status, headersOf(reply));
    for await (const chunk of body.asyncIterator) reply.raw.write(chunk);
    reply.raw.end();
  };
}

/** One answer for a client that would take a stream: as JSON where that will do, else as a stream of one. */
async function answer(
  reply: FastifyReply,
  { accepted, status, text }: { accepted: AcceptedStream; status: number; text: string },
): Promise<void> {
  const isOperation = status === 200 || (status === 400 && !text.includes(`"code":"${NO_OPERATION}"`));
  if (!isOperation || namesJson(accepted.otherwise)) {
    reply.removeHeader('content-length');
    const type = reply.getHeader('content-type') ?? 'application/json; charset=utf-8';
    await reply.code(status).header('content-type', type).send(`${text.trimEnd()}\n`);
    return;
  }
  const { contentType, event, begin, end } = streamFormats[accepted.kind];
  reply.removeHeader('content-length');
  await reply
    .code(200)
    .header('content-type', contentType)
    .send(begin + event(text.trimEnd()) + end(null));
}

function toGraphQLRequest(
  { method, headers, url, body }: FastifyRequest,
  { otherwise }: AcceptedStream,
): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  map.set('accept', otherwise ?? 'application/json');
  return { method: method.toUpperCase(), headers: map, search: new URL(url, 'http://gateway').search, body };
}

function textOf({ errors }: StreamEnded): string {
  return JSON.stringify({ errors });
}

function headersOf(reply: FastifyReply): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value : String(value);
  return headers;
}
