import type { Clock } from '@tributary/kit/clock';
import { startWith } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import type { AppConfig } from './config.ts';
import { prepareDatabase } from './database.ts';
import type { PreparedDatabase } from './database.ts';
import { loadFieldKeys } from './secrets/secrets.ts';
import { seed } from './seed/index.ts';
import type { SeedProgress } from './seed/index.ts';

export interface CompanyDatabaseDependencies {
  logger: Logger;
  clock: Clock;
  /** Breaks off a start that is under way; everything acquired until then is released. */
  signal: AbortSignal;
  onSeedProgress?: ((progress: SeedProgress) => void) | undefined;
}

/** The database of these settings, migrated, and filled with what SEED asks for when it is empty. */
export function prepareCompanyDatabase(
  config: AppConfig,
  { logger, clock, signal, onSeedProgress }: CompanyDatabaseDependencies,
): Promise<PreparedDatabase> {
  return startWith(async (stack) => {
    const database = stack.use(await prepareDatabase(config, logger));
    signal.throwIfAborted();
    if (config.seed !== 'none') {
      const seeding = seed({
        adminUrl: database.adminUrl,
        size: config.seed,
        fieldKeys: await loadFieldKeys(config),
        now: clock.now(),
        ...(onSeedProgress && { onProgress: onSeedProgress }),
      });
      const result = await unlessAborted(seeding, signal);
      logger.info(
        { size: config.seed },
        result === 'seeded' ? 'the empty database was filled' : 'the database holds data already and is not filled',
      );
    }
    return { ...database, stop: () => stack.stop() };
  });
}

/** Rejects at once when the signal fires. What the work comes to afterwards is of no interest. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason as Error);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
