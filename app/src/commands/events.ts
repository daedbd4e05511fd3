import pg from 'pg';

import { ConfigError } from '@tributary/kit/config';

import { readDatabaseConfig } from '../config.ts';
import { failureMessage } from '../failure-message.ts';
import { findRunningPostgres } from '../postgres/index.ts';
import { deadLetters, eventBacklog, relist, requestReplay } from './event-store.ts';
import { parseEventsArguments } from './events-arguments.ts';

// Looks after the events between the subgraphs, beside the running system:
//   npm run events -- status                                 what waits, and where
//   npm run events -- dead-letters                           events that could not be handled, and why
//   npm run events -- replay [--consumer billing] [--id ID]  hands them to their consumer once more
//   npm run events -- relist                                 has users tell once more who is there and who belongs where

try {
  const { action, consumer, eventId, databaseUrl } = parseEventsArguments(process.argv.slice(2));
  const config = readDatabaseConfig();
  const adminUrl = databaseUrl ?? config.databaseUrl ?? (await findRunningPostgres(config))?.adminUrl;
  if (adminUrl === undefined)
    throw new ConfigError([
      `No database runs on ${config.dataDir}: start Tributary, or name a database with --database.`,
    ]);
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    switch (action) {
      case 'status':
        console.table(await eventBacklog(client));
        break;
      case 'dead-letters':
        console.table(await deadLetters(client));
        break;
      case 'relist':
        process.stdout.write(`${await relist(client)} messages tell once more who is there and who belongs where.\n`);
        break;
      case 'replay': {
        const count = await requestReplay(client, { consumer, eventId });
        process.stdout.write(
          `${count} dead ${count === 1 ? 'letter is' : 'letters are'} handed to ${count === 1 ? 'its consumer' : 'their consumers'} once more.\n`,
        );
      }
    }
  } finally {
    await client.end();
  }
} catch (error) {
  process.stderr.write(`${failureMessage(error)}\n`);
  process.exitCode = 1;
}
