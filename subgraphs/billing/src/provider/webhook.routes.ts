import type { FastifyInstance } from 'fastify';

import type { Clock, Logger } from '@tributary/kit';

import type { ProviderEvent } from './payment-provider.ts';
import { SIGNATURE_HEADER, verifyWebhook } from './webhook-signature.ts';
import { parseEvent, UnusableMessage } from './wire.ts';

// Where the payment provider tells what happened. It is acknowledged once it has been taken in, and not before: until then, and after
// any other answer, the provider comes again.

/** A Fastify plugin. Its route takes no token: the signature is the proof. To be mounted where the provider can reach it. */
export type PaymentWebhookRoutes = (server: FastifyInstance) => Promise<void>;

export interface PaymentWebhookDeps {
  /** Any of them may sign. Not empty. */
  secrets: readonly string[];
  /** Takes an event in. It is called again for an event that arrives again, so it remembers which ones it had. */
  onEvent: (event: ProviderEvent) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

const MAX_BODY_BYTES = 64 * 1024;

const refusal = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });
const NOT_SIGNED = refusal('UNAUTHENTICATED', 'The signature is missing, too old or wrong.');
const NOT_UNDERSTOOD = refusal('BAD_REQUEST', 'The event is not understood.');
const TOO_LARGE = refusal('BODY_TOO_LARGE', 'The event is too large.');
const FAILED = refusal('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');

export function createPaymentWebhookRoutes(deps: PaymentWebhookDeps): PaymentWebhookRoutes {
  const { secrets, onEvent, clock, logger } = deps;
  return async (server) =>
    // In a scope of its own: the bytes as they came are what is signed, whatever they call themselves.
    void server.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      scope.setErrorHandler((error, _request, reply) => {
        if (statusOf(error) === 413) return reply.code(413).send(TOO_LARGE);
        if (statusOf(error) < 500) return reply.code(400).send(NOT_UNDERSTOOD);
        logger.error({ err: error }, 'an event of the payment provider could not be taken in');
        return reply.code(500).send(FAILED);
      });
      scope.post('/webhooks/payments', { bodyLimit: MAX_BODY_BYTES }, async ({ body, headers }, reply) => {
        const received = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
        const given = headers[SIGNATURE_HEADER];
        const signature = typeof given === 'string' ? given : undefined;
        if (!verifyWebhook({ body: received, signature, secrets, now: clock.now() }))
          return reply.code(401).send(NOT_SIGNED);
        const event = readEvent(received);
        if (event === null) return reply.code(400).send(NOT_UNDERSTOOD);
        await onEvent(event);
        return { received: true };
      });
    });
}

function readEvent(body: Buffer): ProviderEvent | null {
  try {
    return parseEvent(JSON.parse(body.toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof UnusableMessage) return null;
    throw error;
  }
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
}
