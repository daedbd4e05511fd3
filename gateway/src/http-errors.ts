import type { Socket } from 'node:net';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { DomainError } from '@tributary/kit/errors';
import type { Logger } from '@tributary/kit/logger';

import type { RequestRecord } from './context.ts';
import {
  badRequest,
  bodyTooLarge,
  headersTooLarge,
  INTERNAL_MESSAGE,
  INTERNAL_SERVER_ERROR,
  routeNotFound,
  unsupportedMediaType,
} from './errors.ts';

// Requests that never become an operation are answered in the form of GraphQL errors too, never as a page of HTML.

export interface HttpErrorsDeps {
  recordOf: (request: object) => RequestRecord | undefined;
  limits: { bodyBytes: number };
  logger: Logger;
}

export function answerHttpErrors(app: FastifyInstance, { recordOf, limits, logger }: HttpErrorsDeps): void {
  app.setNotFoundHandler((request, reply) => {
    const error = routeNotFound();
    recordOf(request)?.errorCodes.add(error.code);
    return reply.code(404).send(toBody(error));
  });
  app.setErrorHandler((error, request, reply) => {
    const record = recordOf(request);
    const status = statusOf(error);
    if (status < 500) {
      const refused = status === 413 ? bodyTooLarge({ limitBytes: limits.bodyBytes }) : refusalOf(status);
      record?.errorCodes.add(refused.code);
      return reply.code(status).send(toBody(refused));
    }
    record?.errorCodes.add(INTERNAL_SERVER_ERROR);
    logger.error({ err: error, requestId: record?.requestId, route: request.routeOptions.url }, 'a request failed');
    const extensions = { code: INTERNAL_SERVER_ERROR, requestId: record?.requestId };
    return reply.code(500).send({ errors: [{ message: INTERNAL_MESSAGE, extensions }] });
  });
}

/** Answers an address that cannot be decoded. */
export function answerBrokenUrl(_error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(400).send(toBody(badRequest()));
}

/** Answers what Node could not even parse as HTTP. */
export function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const body = JSON.stringify(toBody(tooLarge ? headersTooLarge() : badRequest()));
  const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const head = ['content-type: application/json; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`];
  socket.end([`HTTP/1.1 ${status}`, ...head, 'connection: close', '', body].join('\r\n'));
}

function toBody({ code, message }: DomainError): object {
  return { errors: [{ message, extensions: { code } }] };
}

function refusalOf(status: number): DomainError {
  return status === 415 ? unsupportedMediaType() : badRequest();
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
