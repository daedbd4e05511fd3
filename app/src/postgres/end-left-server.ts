import { realpath } from 'node:fs/promises';

import { startWith } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import { binary, findInstalledBinaries } from './binaries.ts';
import { clusterExists, clusterOf } from './cluster.ts';
import { DataDirectoryInUseError, lockDataDirectory } from './data-directory-lock.ts';
import { makeBinariesReachable } from './reachable-binaries.ts';
import { runCommand } from './run-command.ts';
import { prepareServerHome } from './server-home.ts';
import { stopOrphanedServer } from './server.ts';
import { SHARED_ROOT } from './shared-root.ts';

const PATIENCE_SECONDS = 15;

/**
 * Ends the server that a killed process left running on a folder. Who is still connected may finish, for a while. Does nothing when
 * another process has taken the folder over meanwhile, for that one looks after the server itself.
 */
export async function endLeftServer(options: { dataDir: string; logger: Logger; sharedRoot?: string }): Promise<void> {
  const { logger, sharedRoot = SHARED_ROOT } = options;
  try {
    await startWith(async (stack) => {
      stack.use(await lockDataDirectory(options.dataDir));
      const home = await prepareServerHome(await realpath(options.dataDir), logger, sharedRoot);
      if (await clusterExists(home)) {
        const binaries = await makeBinariesReachable(await findInstalledBinaries(), home.account, sharedRoot);
        const smart = ['stop', `--pgdata=${clusterOf(home)}`, '--mode=smart', `--timeout=${PATIENCE_SECONDS}`];
        await runCommand(binary(binaries, 'pg_ctl'), smart, home.account);
        await stopOrphanedServer(home, binaries, logger);
      }
      await stack.stop();
    });
  } catch (error) {
    if (!(error instanceof DataDirectoryInUseError)) throw error;
  }
}
