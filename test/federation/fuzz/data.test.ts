import { expect, inject, test } from 'vitest';

import { FUZZ_SLICE } from './fuzz-amount.ts';
import { runFuzz } from './run-fuzz.ts';

test(
  'generated operations are answered as one schema over the same data answers them',
  async () => {
    const { seed, ...amount } = inject('fuzz') ?? FUZZ_SLICE;
    const report = await runFuzz({ seed: 2 * seed + 1, ...amount });
    console.log(
      `SEED=${seed}: ${String(report.supergraphs)} supergraphs, ${report.operations} operations`,
      report.known,
    );
    expect(report.failures.join('\n\n')).toBe('');
  },
  30 * 60_000,
);
