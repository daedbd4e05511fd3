import { createLogger } from '@tributary/kit/logger';

import { readDatabaseConfig, SUBGRAPHS } from '../config.ts';
import { prepareDatabase } from '../database.ts';
import { failureMessage } from '../failure-message.ts';

// Makes schemas and roles and runs the migrations: the only step that needs the administrator's DATABASE_URL. Usage: npm run migrate

try {
  const config = readDatabaseConfig();
  const database = await prepareDatabase(config, createLogger({ level: config.logLevel, name: 'migrate' }));
  await database.stop();
  for (const name of SUBGRAPHS) {
    const applied = database.applied[name];
    process.stdout.write(`${name}: ${applied.length === 0 ? 'up to date' : `migrated (${applied.join(', ')})`}\n`);
  }
} catch (error) {
  process.stderr.write(`${failureMessage(error)}\n`);
  process.exitCode = 1;
}
