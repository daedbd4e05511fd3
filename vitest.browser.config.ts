import { defineConfig } from 'vitest/config';

// Tests that need a browser: `chromium` of the system, found by its path. Not part of `npm test`, which needs nothing but npm.
export default defineConfig({
  test: {
    include: ['test/e2e/explorer/**/*.browser.ts'],
    fileParallelism: false,
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000, // a whole start from an empty data directory
  },
});
