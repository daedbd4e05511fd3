import { createLogger } from '@tributary/kit/logger';

import { startEmbeddedPostgres } from '@tributary/app/postgres/index';

// Owns an embedded PostgreSQL in a process of its own, so that tests can kill the owner. Usage: node <this file> <DATA_DIR> [durable]

try {
  const { adminUrl } = await startEmbeddedPostgres({
    dataDir: process.argv[2]!,
    database: 'postgres',
    durable: process.argv[3] === 'durable',
    logger: createLogger({ level: 'silent', name: 'test' }),
  });
  console.log(JSON.stringify({ adminUrl }));
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(JSON.stringify({ refused: (error as Error).message }));
}
