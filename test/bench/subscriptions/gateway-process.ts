import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

import { createHttpTransport, createInProcessTransport, defaultGatewayConfig, startGateway } from '@tributary/gateway';
import { ANONYMOUS } from '@tributary/gateway/auth/authenticate';
import type { Authenticate } from '@tributary/gateway/auth/authenticate';
import { HOUR, systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';
import type { Principal } from '@tributary/kit/principal';

import { serve } from './serve.ts';
import { createTickSubgraph, tickSdl } from './tick-subgraph.ts';

// One gateway. With a URL it reaches the subgraph there; without, it has the subgraph in its own process.

const [url] = process.argv.slice(2);
const clock = systemClock;
const logger = createLogger({ level: 'warn', name: 'gateway' });
const subgraph = createTickSubgraph();
const transport =
  url === undefined
    ? createInProcessTransport(subgraph, { clock })
    : createHttpTransport({ name: 'ticks', url, headers: () => ({}), clock, logger });

// A token is whatever its bearer says: what is measured is the room that a session takes, not the arithmetic of signatures.
const authenticate: Authenticate = async ({ headersDistinct: { authorization } }) => {
  const [userId] = authorization ?? [];
  if (userId === undefined) return ANONYMOUS;
  const principal: Principal = {
    ...{ type: 'user', userId, roles: ['CUSTOMER'], scopes: ['orders:read', 'billing:read'] },
    ...{ memberships: [], authTime: null, amr: ['pwd'] },
  };
  return { principal, expiresAt: Date.now() + HOUR, again: async () => principal };
};

const { supergraphSdl, errors } = composeServices([
  { name: 'ticks', url: 'http://ticks.invalid', typeDefs: parse(tickSdl) },
]);
if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], String(errors));
const defaults = defaultGatewayConfig({ production: true });
const gateway = await startGateway(
  { ...defaults, port: 0 },
  { supergraphSdl, transports: [transport], authenticate, logger, clock },
);
serve(gateway.url, subgraph);
