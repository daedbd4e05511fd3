import { defineConfig } from 'vitest/config';

// Tests that download packages. Not part of `npm test`, which needs nothing but what is installed.
export default defineConfig({
  test: {
    include: ['test/e2e/services/**/*.install.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
