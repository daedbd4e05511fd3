import { defineConfig } from 'vitest/config';

// All of the differential fuzzing; the ordinary run takes a slice of it. `SEED=7 npm run test:fuzz` goes elsewhere.
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/federation/fuzz/**/*.test.ts'],
    maxWorkers: 2,
    provide: { fuzz: { seed: Number(process.env.SEED ?? 1_000), supergraphs: 40, operationsEach: 260 } },
  },
});
