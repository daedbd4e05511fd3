import { expect } from 'vitest';

import { startLibrary } from './library-gateway.ts';
import type { LibraryGateway } from './library-gateway.ts';

/** The library behind limits that are easily reached. */
export const startLimitedLibrary = (): Promise<LibraryGateway> =>
  startLibrary({
    config: { limits: { depth: 6, selections: 500, bodyBytes: 64 * 1024, tokens: 1_000, costAnonymous: 1_000_000 } },
  });

/** The whole body of a refusal. */
export const refusedWith = (code: string, message = expect.any(String) as string) => ({
  errors: [expect.objectContaining({ message, extensions: { code } })],
});
