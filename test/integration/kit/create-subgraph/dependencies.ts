import type { SubgraphDependencies } from '@tributary/kit';

import type { Library } from '../library.ts';

/** What another subgraph needs to run on the database of the library. */
export const dependencies = (library: Library): SubgraphDependencies => ({
  databaseUrl: library.postgres.adminUrl,
  cursorKey: new Uint8Array(32),
  logger: { child: () => ({ error: () => undefined, warn: () => undefined }) } as never,
  clock: { now: () => new Date() },
});
