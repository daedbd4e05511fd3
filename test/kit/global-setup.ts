import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { bootstrapDatabase } from '@tributary/app/bootstrap/index';
import { removeDataDirectory, startEmbeddedPostgres } from '@tributary/app/postgres/index';
import { createLogger } from '@tributary/kit/logger';

import { subgraphSchemas, TEMPLATE_DATABASE } from './test-database.ts';

// One PostgreSQL for the whole run. Roles are made once; the migrated database becomes the template that every test file clones.

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the superuser, on the template database. */
    adminUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-test-'));
  const logger = createLogger({ level: 'error', name: 'test-postgres' });
  const postgres = await startEmbeddedPostgres({ dataDir, logger, durable: false, database: TEMPLATE_DATABASE });
  const stop = async () => {
    await postgres.stop();
    await removeDataDirectory(dataDir);
  };
  try {
    await bootstrapDatabase({ adminUrl: postgres.adminUrl, subgraphs: subgraphSchemas, logger, durability: 'warn' });
  } catch (error) {
    // A migration that fails must not leave a server behind for every run.
    await stop();
    throw error;
  }
  project.provide('adminUrl', postgres.adminUrl);
  return stop;
}
