import { readFile } from 'node:fs/promises';

import { createHttpTransport, defaultGatewayConfig, loadSupergraph, startGateway } from '@tributary/gateway';
import { authenticateNobody } from '@tributary/gateway/auth/token-principal';
import { tracingHeaders } from '@tributary/gateway/transport/call-headers';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

// A process of its own: our gateway as it is served in production, every limit, timeout and log line included. Only the cost limit is
// raised, which this operation would not pass.

const [supergraphFile] = process.argv.slice(2);
const supergraphSdl = await readFile(supergraphFile!, 'utf8');
const logger = createLogger({ level: 'info', name: 'gateway' });
const defaults = defaultGatewayConfig({ production: true });
const COST_LIMIT = 1_000_000;

const transports = loadSupergraph(supergraphSdl).subgraphs.map(({ name, url }) =>
  createHttpTransport({
    name,
    url,
    headers: (call) => ({ ...tracingHeaders(call), ...call.headers }),
    clock: systemClock,
    logger,
  }),
);
const gateway = await startGateway(
  { ...defaults, port: 0, forwardHeaders: ['authorization'], limits: { ...defaults.limits, costAnonymous: COST_LIMIT } },
  {
    supergraphSdl,
    transports,
    authenticate: authenticateNobody,
    logger,
    clock: systemClock,
  },
);
process.on('disconnect', () => process.exit());
process.send!({ kind: 'ready', url: `${gateway.url}/graphql` });
