import { ConfigError, createLogger, systemClock } from '@tributary/kit';

import { readOrdersConfig } from './config.ts';
import type { OrdersConfig } from './config.ts';
import { startOrdersServer } from './server.ts';

// The subgraph as a process of its own. SIGTERM and SIGINT drain it, also while it is still starting.

const config = configOrExit();
const logger = createLogger({ level: config.logLevel, name: 'orders' });
const starting = startOrdersServer(config, { logger, clock: systemClock });
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
try {
  const { url } = await starting;
  logger.info({ url }, 'the subgraph is ready');
} catch (err) {
  logger.fatal({ err }, 'the subgraph could not start');
  process.exit(1);
}

async function stop(): Promise<void> {
  try {
    await (await starting).stop();
    process.exit(0);
  } catch (err) {
    logger.fatal({ err }, 'the subgraph did not stop cleanly');
    process.exit(1);
  }
}

function configOrExit(): OrdersConfig {
  try {
    return readOrdersConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
