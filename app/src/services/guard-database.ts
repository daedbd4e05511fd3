import { once } from 'node:events';

// Waits for the supervisor to die, and then ends the embedded database that it left behind. It waits for as long as everything runs
// and is nearly never needed, so it loads nothing before.

await once(process, 'disconnect');
const { createLogger } = await import('@tributary/kit/logger');
const { readDatabaseConfig } = await import('../config.ts');
const { endLeftServer } = await import('../postgres/end-left-server.ts');

const { dataDir, logLevel } = readDatabaseConfig();
const logger = createLogger({ level: logLevel, name: 'database-guard' });
try {
  await endLeftServer({ dataDir, logger });
} catch (err) {
  logger.error({ err }, 'the database that a killed process left running could not be stopped');
  process.exitCode = 1;
}
