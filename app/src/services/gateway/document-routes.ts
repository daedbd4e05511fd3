import type { FastifyInstance } from 'fastify';

import { SECOND } from '@tributary/kit/clock';

import { passBack, passOn, PathRefused } from './pass-on.ts';

// Signed links to documents begin with the address that clients know, which is the gateway's. The documents themselves come from
// billing, which also checks the signature.

const TIMEOUT_MS = 30 * SECOND;
const HEADERS = [
  'content-type',
  'content-disposition',
  'content-length',
  'cache-control',
  'referrer-policy',
  'x-content-type-options',
];

/** Routes that pass requests for documents on to the server of billing, to be mounted in a scope of their own. */
export function createDocumentRoutes({ billingUrl }: { billingUrl: string }): (app: FastifyInstance) => void {
  return (app) => {
    app.get('/invoices/*', async ({ url }, reply) => {
      try {
        return passBack(reply, await passOn(billingUrl, { method: 'GET', path: url, timeoutMs: TIMEOUT_MS }), HEADERS);
      } catch (error) {
        if (error instanceof PathRefused) return reply.callNotFound();
        return reply.code(503).type('text/plain').send('The document cannot be read now: try again later.');
      }
    });
  };
}
