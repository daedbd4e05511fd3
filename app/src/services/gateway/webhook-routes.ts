import type { FastifyInstance } from 'fastify';

import { mountWebhookEndpoint, WEBHOOK_PATH, webhookRefusal } from '@tributary/billing/provider/webhook-endpoint';
import { SIGNATURE_HEADER } from '@tributary/billing/provider/webhook-signature';
import { SECOND } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';

import { passBack, passOn } from './pass-on.ts';

// The payment provider delivers where clients are served, since billing itself is not published. Whether a webhook is genuine is for
// billing to say: here nobody knows the secret.

export interface WebhookRoutesDeps {
  billingUrl: string;
  logger: Logger;
  /** Shorter than providers wait for an answer. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 8 * SECOND;
const SENT_ON = ['content-type', SIGNATURE_HEADER];
const EMPTY = webhookRefusal('BAD_REQUEST', 'The event is missing.');
const UNAVAILABLE = webhookRefusal('UNAVAILABLE', 'Events cannot be taken in now: deliver it again later.');

/**
 * The route that passes webhooks on to the server of billing, byte for byte, to be mounted in a scope of its own. What billing answers is
 * the answer; without one the provider hears 503 and delivers again, as it does after any other failure.
 */
export function createWebhookRoutes(deps: WebhookRoutesDeps): (app: FastifyInstance) => void {
  const { billingUrl, logger, timeoutMs = TIMEOUT_MS } = deps;
  return (app) =>
    mountWebhookEndpoint(app, {
      async receive({ body, headers: arrived }, reply) {
        if (body.length === 0) return reply.code(400).send(EMPTY);
        const headers = Object.fromEntries(
          SENT_ON.flatMap((name) => {
            const value = arrived[name];
            return typeof value === 'string' ? [[name, value]] : [];
          }),
        );
        try {
          const answer = await passOn(billingUrl, { method: 'POST', path: WEBHOOK_PATH, headers, body, timeoutMs });
          return passBack(reply, answer, ['content-type']);
        } catch (err) {
          logger.warn({ err }, 'an event of the payment provider could not be passed on to billing');
          return reply.code(503).send(UNAVAILABLE);
        }
      },
      onFailure: (err) => logger.error({ err }, 'an event of the payment provider could not be taken in'),
    });
}
