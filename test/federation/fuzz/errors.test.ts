import { expect, inject, test } from 'vitest';

import { FUZZ_SLICE } from './fuzz-amount.ts';
import { runFuzz } from './run-fuzz.ts';

test(
  'fields that fail cost generated operations what they cost in one schema',
  async () => {
    const { seed, ...amount } = inject('fuzz') ?? FUZZ_SLICE;
    const report = await runFuzz({ seed: 2 * seed, ...amount });
    const counts = `${report.supergraphs} supergraphs, ${report.operations} operations, ${report.withErrors} with errors`;
    console.log(`SEED=${seed}: ${counts}`, report.known);
    expect(report.failures.join('\n\n')).toBe('');
  },
  30 * 60_000,
);
