import { ConfigError, createLogger, systemClock } from '@tributary/kit';

import { readUsersConfig } from './config.ts';
import { startUsersServer } from './server.ts';

// The subgraph as a process of its own. SIGTERM and SIGINT drain it, also while it is still starting.

try {
  const config = readUsersConfig();
  const logger = createLogger({ level: config.logLevel, name: 'users' });
  const starting = startUsersServer(config, { logger, clock: systemClock });
  const stop = async () => {
    try {
      const server = await starting;
      await server.stop();
      process.exit(0);
    } catch (err) {
      logger.fatal({ err }, 'the subgraph did not stop cleanly');
      process.exit(1);
    }
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  const { url } = await starting;
  logger.info({ url }, 'users is ready');
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
}
