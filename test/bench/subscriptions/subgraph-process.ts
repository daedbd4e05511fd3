import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createHandler } from 'graphql-sse/lib/use/http';

import { serve } from './serve.ts';
import { createTickSubgraph } from './tick-subgraph.ts';

// The subgraph as a server of its own, which speaks server-sent events.

const subgraph = createTickSubgraph();
const handle = createHandler({ schema: subgraph.schema });
const server = createServer((request, response) => {
  handle(request, response).catch(() => response.writeHead(500).end());
});
server.listen(0, '127.0.0.1', () => {
  serve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, subgraph);
});
