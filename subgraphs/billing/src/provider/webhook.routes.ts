import type { FastifyInstance } from 'fastify';

import type { Clock, Logger } from '@tributary/kit';

import type { ProviderEvent } from './payment-provider.ts';
import { mountWebhookEndpoint, webhookRefusal } from './webhook-endpoint.ts';
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

const NOT_SIGNED = webhookRefusal('UNAUTHENTICATED', 'The signature is missing, too old or wrong.');
const NOT_UNDERSTOOD = webhookRefusal('BAD_REQUEST', 'The event is not understood.');

export function createPaymentWebhookRoutes(deps: PaymentWebhookDeps): PaymentWebhookRoutes {
  const { secrets, onEvent, clock, logger } = deps;
  return async (server) =>
    mountWebhookEndpoint(server, {
      async receive({ body, headers }, reply) {
        const given = headers[SIGNATURE_HEADER];
        const signature = typeof given === 'string' ? given : undefined;
        if (!verifyWebhook({ body, signature, secrets, now: clock.now() })) return reply.code(401).send(NOT_SIGNED);
        const event = readEvent(body);
        if (event === null) return reply.code(400).send(NOT_UNDERSTOOD);
        await onEvent(event);
        return { received: true };
      },
      onFailure: (err) => logger.error({ err }, 'an event of the payment provider could not be taken in'),
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
