import type { IncomingHttpHeaders } from 'node:http';

import type { FastifyInstance, FastifyReply } from 'fastify';

// The HTTP side of the payment provider's webhooks, shared by billing and by a gateway that passes them on: one address, one limit, the
// bytes as they came, and errors in one form.

/** Where the payment provider delivers, below the public address. */
export const WEBHOOK_PATH = '/webhooks/payments';

export interface ArrivedWebhook {
  /** As it arrived, byte for byte; empty when there was none. */
  body: Buffer;
  headers: IncomingHttpHeaders;
}

export interface WebhookEndpoint {
  /** Answers by itself. Rejecting is a failure on our side. */
  receive: (webhook: ArrivedWebhook, reply: FastifyReply) => Promise<unknown>;
  /** Learns what went wrong on our side; the sender hears only that something did. */
  onFailure: (error: unknown) => void;
}

const MAX_BODY_BYTES = 64 * 1024;

/** The body of an answer that refuses a webhook. */
export const webhookRefusal = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

const NOT_USABLE = webhookRefusal('BAD_REQUEST', 'The event is not understood.');
const TOO_LARGE = webhookRefusal('BODY_TOO_LARGE', 'The event is too large.');
const FAILED = webhookRefusal('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');

/** Mounts the route in a scope of its own: the bytes as they came are what is signed, whatever they call themselves. */
export function mountWebhookEndpoint(server: FastifyInstance, { receive, onFailure }: WebhookEndpoint): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, _request, reply) => {
      const status = statusOf(error);
      if (status === 413) return reply.code(413).send(TOO_LARGE);
      if (status < 500) return reply.code(400).send(NOT_USABLE);
      onFailure(error);
      return reply.code(500).send(FAILED);
    });
    scope.post(WEBHOOK_PATH, { bodyLimit: MAX_BODY_BYTES }, ({ body, headers }, reply) =>
      receive({ body: Buffer.isBuffer(body) ? body : Buffer.alloc(0), headers }, reply),
    );
  });
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
}
