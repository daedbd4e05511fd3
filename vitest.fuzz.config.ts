import { defineConfig, mergeConfig } from 'vitest/config';

import base from './vitest.config.ts';

// All of the differential fuzzing; the ordinary run takes a slice of it. `SEED=7 npm run test:fuzz` goes elsewhere.
export default mergeConfig(
  base,
  defineConfig({
    test: { provide: { fuzz: { seed: Number(process.env.SEED ?? 1_000), supergraphs: 40, operationsEach: 260 } } },
  }),
);
