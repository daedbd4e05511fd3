import { readConfig, readSubgraphSettings } from '@tributary/kit';
import type { Environment, SubgraphSettings } from '@tributary/kit';

/** Settings of the subgraph as a process of its own. */
export type UsersConfig = SubgraphSettings;

/** Throws one `ConfigError` naming every problem. */
export function readUsersConfig(environment: Environment = process.env): Readonly<UsersConfig> {
  return readConfig(environment, (reader) => readSubgraphSettings(reader, { port: 4001 }));
}
