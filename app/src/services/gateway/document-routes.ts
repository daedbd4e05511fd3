import type { FastifyInstance } from 'fastify';

import { SECOND } from '@tributary/kit/clock';

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
    app.get('/invoices/*', async (request, reply) => {
      const response = await fetch(`${billingUrl.replace(/\/$/, '')}${request.url}`, {
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch(() => undefined);
      if (!response)
        return reply.code(503).type('text/plain').send('The document cannot be read now: try again later.');
      for (const name of HEADERS) {
        const value = response.headers.get(name);
        if (value !== null) reply.header(name, value);
      }
      return reply.code(response.status).send(response.body);
    });
  };
}
