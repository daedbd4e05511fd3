import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { Handle } from '@tributary/kit/lifecycle';
import { startWith } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import { findSecret, keepSecret } from '../secrets/secret-file.ts';
import { findInstalledBinaries } from './binaries.ts';
import { assertSameVersion, clusterExists, initializeCluster, SUPERUSER } from './cluster.ts';
import { lockDataDirectory } from './data-directory-lock.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { makeBinariesReachable } from './reachable-binaries.ts';
import { prepareServerHome } from './server-home.ts';
import { startServer, stopOrphanedServer } from './server.ts';
import { SHARED_ROOT } from './shared-root.ts';

export interface EmbeddedPostgresOptions {
  /** Folder that holds everything; made when it is missing. */
  dataDir: string;
  logger: Logger;
  /** False only in tests: faster, and a crash may lose everything. */
  durable?: boolean;
  /** Name of the database in `adminUrl`. It is not created here. */
  database?: string;
  /** Where root keeps what the server's user cannot reach inside `dataDir`. */
  sharedRoot?: string;
}

export interface EmbeddedPostgres extends Handle {
  /** URL of the superuser. The port is another one at every start. */
  readonly adminUrl: string;
}

/**
 * Runs PostgreSQL on a folder. Refuses, having touched nothing, when a live process uses the folder; recovers what a killed one
 * left. Listens on 127.0.0.1 only.
 */
export function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger, durable = true, database = 'tributary', sharedRoot = SHARED_ROOT } = options;
  return startWith(async (stack) => {
    const installed = await findInstalledBinaries();
    stack.use(await lockDataDirectory(resolve(options.dataDir)));
    const dataDir = await realpath(options.dataDir);
    const home = await prepareServerHome(dataDir, logger, sharedRoot);
    const binaries = await makeBinariesReachable(installed, home.account, sharedRoot);

    const passwordFile = join(dataDir, 'secrets', 'postgres-password');
    if (await clusterExists(home)) {
      if ((await findSecret(passwordFile)) === null)
        throw new EmbeddedPostgresError(
          `${passwordFile} is missing, and the database in ${home.directory} does not open without it: bring it back, or set DATA_DIR to an empty directory.`,
        );
      await assertSameVersion(home, binaries);
      await stopOrphanedServer(home, binaries, logger);
    }
    const password = await keepSecret(passwordFile, () => randomBytes(24).toString('base64url'));
    if (!(await clusterExists(home))) await initializeCluster(home, binaries, { password, durable });

    const { port } = stack.use(await startServer(home, binaries, { durable, logger }));
    logger.info({ directory: home.directory, port }, 'PostgreSQL runs');
    return {
      adminUrl: `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`,
      stop: () => stack.stop(),
    };
  });
}
