import { readConfig, readSubgraphSettings } from '@tributary/kit';
import type { Environment, SubgraphSettings } from '@tributary/kit';

/** Settings of the subgraph as a process of its own. */
export type OrdersConfig = SubgraphSettings;

/** Throws one `ConfigError` naming every problem. */
export function readOrdersConfig(environment: Environment = process.env): Readonly<OrdersConfig> {
  return readConfig(environment, (reader) => readSubgraphSettings(reader, { port: 4002 }));
}
