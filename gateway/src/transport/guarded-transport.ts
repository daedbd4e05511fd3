import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import { breakCircuit } from './break-circuit.ts';
import type { BreakerSettings } from './break-circuit.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import type { ConcurrencySettings } from './limit-concurrency.ts';
import { retryQueries } from './retry-queries.ts';
import type { RetrySettings } from './retry-queries.ts';
import { shareQueries } from './single-flight.ts';
import type { SubgraphTransport } from './subgraph-transport.ts';

// What stands between the gateway and a subgraph that can be slow, overloaded or gone. From the outside: equal queries share one
// fetch; what failed is sent again, each time anew through all that follows; a bound on what is on its way, and a line before it; a
// circuit breaker. So a circuit that opens clears the line, and what the line refuses opens no circuit.

export interface TransportGuards {
  retries: RetrySettings;
  breaker: BreakerSettings;
  concurrency: ConcurrencySettings;
}

export const DEFAULT_GUARDS: TransportGuards = {
  retries: { max: 2, timeouts: false, budgetPercent: 20 },
  breaker: { failurePercent: 50, minCalls: 20, windowMs: 10 * SECOND, openMs: SECOND },
  concurrency: { max: 128, queue: 1_000 },
};

export interface GuardDeps {
  guards: TransportGuards;
  /** Everything of a call that can change the answer; calls with equal texts share. Without it none do. */
  identityOf?: ((call: SubgraphCall) => string) | undefined;
  clock: Clock;
  logger: Logger;
}

/** The same transport behind all guards; for one that leaves the process. */
export function guardTransport(
  transport: SubgraphTransport,
  { guards, identityOf, clock, logger: parent }: GuardDeps,
): SubgraphTransport {
  const logger = parent.child({ subgraph: transport.name });
  const breaking = breakCircuit(transport, { settings: guards.breaker, clock, logger });
  const limited = limitConcurrency(breaking, { settings: guards.concurrency, clock, logger });
  const retrying = retryQueries(limited, { settings: guards.retries, clock });
  return identityOf ? shareQueries(retrying, { identityOf }) : retrying;
}
