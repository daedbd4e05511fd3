import { defineConfig } from 'vitest/config';

// Tests that kill processes, for minutes: `KILLS=200 npm run test:faults`. Not part of `npm test`.
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/faults/**/*.faults.ts'],
    fileParallelism: false,
    testTimeout: 30 * 60_000,
  },
});
