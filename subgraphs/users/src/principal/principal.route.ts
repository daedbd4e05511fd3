import { DomainError, forbidden } from '@tributary/kit';
import type { FindPrincipal, InternalRoutes, Principal } from '@tributary/kit';

import { parsePrincipalQuery } from './parse-principal-query.ts';

/**
 * `POST /internal/principals`: the lookup for a gateway in another process. Body `{ issuer, subject }` or `{ clientId }`, answer
 * `{ principal }`, null when nobody goes by that name. Only the gateway speaking for itself may ask; a token that it made for a
 * caller, whoever that is, opens the graph and not the directory of people.
 */
export function createPrincipalRoutes(findPrincipal: FindPrincipal): InternalRoutes {
  return (server, principalOf) => {
    server.post('/internal/principals', async (request, reply) => {
      try {
        if (!isGateway(principalOf(request))) throw forbidden();
        return { principal: await findPrincipal(parsePrincipalQuery(request.body)) };
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const { message, code } = error;
        return reply.code(code === 'FORBIDDEN' ? 403 : 400).send({ errors: [{ message, extensions: { code } }] });
      }
    });
  };
}

const isGateway = (principal: Principal | null) => principal?.type === 'service' && principal.service === 'gateway';
