import { ConfigError } from '@tributary/kit/config';
import { createLogger } from '@tributary/kit/logger';

import { readDatabaseConfig } from '../config.ts';
import { prepareDatabase } from '../database.ts';
import { failureMessage } from '../failure-message.ts';
import { loadFieldKeys } from '../secrets/secrets.ts';
import { createProgressPrinter, seed } from '../seed/index.ts';
import { parseSeedArguments } from './seed-arguments.ts';

// Migrates a database and fills it, if it is empty, with a company. Usage: npm run seed -- medium --database postgres://...
// Without arguments the settings SEED and DATABASE_URL decide, as at the start.

try {
  const config = readDatabaseConfig();
  const { size = config.seed, databaseUrl = config.databaseUrl } = parseSeedArguments(process.argv.slice(2));
  if (size === 'none') throw new ConfigError(['Name a size, as in "npm run seed -- demo": SEED is "none".']);
  const logger = createLogger({ level: config.logLevel, name: 'seed' });
  const database = await prepareDatabase({ ...config, databaseUrl }, logger);
  try {
    const onProgress = createProgressPrinter(process.stdout);
    const result = await seed({
      adminUrl: database.adminUrl,
      size,
      fieldKeys: await loadFieldKeys(config),
      onProgress,
    });
    process.stdout.write(
      result === 'seeded'
        ? `The database now holds the ${size} company.\n`
        : 'The database holds data already; nothing was changed.\n',
    );
  } finally {
    await database.stop();
  }
} catch (error) {
  process.stderr.write(`${failureMessage(error)}\n`);
  process.exitCode = 1;
}
