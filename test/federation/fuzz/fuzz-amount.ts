// How much is generated. A slice runs with all other tests; `npm run test:fuzz` runs all of it, and `SEED=7 npm run test:fuzz` another one.

declare module 'vitest' {
  interface ProvidedContext {
    fuzz?: FuzzAmount;
  }
}

export interface FuzzAmount {
  seed: number;
  /** In each of the two test files. */
  supergraphs: number;
  operationsEach: number;
}

export const FUZZ_SLICE: FuzzAmount = { seed: 1, supergraphs: 5, operationsEach: 40 };
