import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { FastifyInstance } from 'fastify';

import { Cancellation } from '@tributary/kit/cancellation';
import type { Clock } from '@tributary/kit/clock';
import { invariant } from '@tributary/kit/invariant';

import type { RequestRecord } from './context.ts';
import { traceparentOf } from './trace-context.ts';
import { pickHeaders } from './transport/forwarded-headers.ts';

/** Records of the requests that are being answered. */
export interface RequestRecords {
  find: (request: object) => RequestRecord | undefined;
  /** For requests that have arrived at a route: each has one. */
  get: (request: object) => RequestRecord;
}

const WELL_FORMED = /^[\w.-]{1,128}$/;

/** The request id a caller brought, when it can go into headers and logs as it is; otherwise a new one. */
export function newRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const brought = headers['x-request-id'];
  return typeof brought === 'string' && WELL_FORMED.test(brought) ? brought : randomUUID();
}

/** The record of something that is asked for now. */
export function newRecord(
  asked: Pick<RequestRecord, 'requestId' | 'traceparent' | 'signal' | 'headers'>,
  { clock, deadlineMs }: { clock: Clock; deadlineMs: number },
): RequestRecord {
  const startedAt = clock.now().getTime();
  return {
    ...asked,
    startedAt,
    deadline: startedAt + deadlineMs,
    principal: undefined,
    operationName: null,
    operationType: null,
    cost: null,
    errorCodes: new Set(),
    forgetResult: null,
    events: null,
  };
}

/** The record of a request over HTTP. */
export function newRequestRecord(
  { headers }: Pick<IncomingMessage, 'headers'>,
  {
    response,
    requestId,
    forwardHeaders,
    ...options
  }: {
    response: ServerResponse;
    requestId: string;
    clock: Clock;
    deadlineMs: number;
    forwardHeaders: readonly string[];
  },
): RequestRecord {
  const gone = new Cancellation();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const traceparent = traceparentOf(headers.traceparent);
  return newRecord({ requestId, traceparent, signal: gone, headers: pickHeaders(headers, forwardHeaders) }, options);
}

/** Gives every request a record when it arrives, and every answer the headers that all of them have. */
export function createRequestRecords(
  app: FastifyInstance,
  options: { clock: Clock; deadlineMs: number; forwardHeaders: readonly string[] },
): RequestRecords {
  const records = new WeakMap<object, RequestRecord>();
  app.addHook('onRequest', async (request, reply) => {
    const requestId = request.id;
    records.set(request, newRequestRecord(request, { response: reply.raw, requestId, ...options }));
    reply.header('x-request-id', requestId);
    reply.header('x-content-type-options', 'nosniff');
  });
  return {
    find: (request) => records.get(request),
    get(request) {
      const record = records.get(request);
      invariant(record, 'The request has no record.');
      return record;
    },
  };
}
