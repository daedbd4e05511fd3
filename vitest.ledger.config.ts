import { defineConfig, mergeConfig } from 'vitest/config';

import base from './vitest.config.ts';

// The whole ledger model test; the ordinary run takes a slice of it.
export default mergeConfig(
  base,
  defineConfig({
    test: { provide: { ledgerRuns: 500 } },
  }),
);
