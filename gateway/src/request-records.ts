import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { FastifyInstance } from 'fastify';

import type { Clock } from '@tributary/kit/clock';

import type { RequestRecord } from './context.ts';
import { traceparentOf } from './trace-context.ts';
import { pickHeaders } from './transport/forwarded-headers.ts';

/** Records of the requests that are being answered. */
export interface RequestRecords {
  find: (request: object) => RequestRecord | undefined;
}

const WELL_FORMED = /^[\w.-]{1,128}$/;

/** The request id a caller brought, when it can go into headers and logs as it is; otherwise a new one. */
export function newRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const brought = headers['x-request-id'];
  return typeof brought === 'string' && WELL_FORMED.test(brought) ? brought : randomUUID();
}

/** Gives every request a record when it arrives, and every answer the headers that all of them have. */
export function createRequestRecords(
  app: FastifyInstance,
  { clock, deadlineMs, forwardHeaders }: { clock: Clock; deadlineMs: number; forwardHeaders: readonly string[] },
): RequestRecords {
  const records = new WeakMap<object, RequestRecord>();
  app.addHook('onRequest', async (request, reply) => {
    const startedAt = clock.now().getTime();
    const abort = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) abort.abort();
    });
    records.set(request, {
      requestId: request.id,
      traceparent: traceparentOf(request.headers.traceparent),
      startedAt,
      deadline: startedAt + deadlineMs,
      signal: abort.signal,
      headers: pickHeaders(request.headers, forwardHeaders),
      principal: undefined,
      operationName: null,
      operationType: null,
      cost: null,
      errorCodes: new Set(),
    });
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
  });
  return { find: (request) => records.get(request) };
}
