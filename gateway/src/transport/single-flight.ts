import type { SubgraphCall } from '@tributary/kit/subgraph';

import { createFlights } from '../flights.ts';
import type { SubgraphAnswer, SubgraphTransport } from './subgraph-transport.ts';

// Requests that ask a subgraph the same question at the same moment share one fetch. Only queries, and only for callers whom the
// subgraph cannot tell apart. Answers are never written into, so they can be shared as they are. After a mutation nobody joins a
// fetch that began before it: who has changed something reads the change.

export interface SingleFlightOptions {
  /** Everything of a call that can change the answer; calls with equal texts share. */
  identityOf: (call: SubgraphCall) => string;
}

/** The same transport; what it is asked twice at a time it asks once. */
export function shareQueries(transport: SubgraphTransport, { identityOf }: SingleFlightOptions): SubgraphTransport {
  const flights = createFlights<SubgraphAnswer>();
  return {
    ...transport,
    execute(fetch, call, operationKind) {
      if (operationKind !== 'query')
        return transport.execute(fetch, call, operationKind).finally(() => flights.clear());
      if (fetch.body === undefined) return transport.execute(fetch, call, operationKind);
      const key = `${identityOf(call)} ${fetch.body}`;
      return flights.board(key, call, (shared) => transport.execute(fetch, shared, operationKind));
    },
  };
}
