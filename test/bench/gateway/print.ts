import type { GatewayBenchResult } from './gateway.ts';

/** A table for each mode. The last column says whether the subgraphs kept up: at 1 they were what limited the requests. */
export function print({ machine, results }: GatewayBenchResult): void {
  const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
  for (const mode of new Set(results.map((result) => result.mode))) {
    console.log(`\nMode ${mode}; medians, and how many times better than stock`);
    const rows = results
      .filter((result) => result.mode === mode)
      .map(({ peer, median, ratios }) => [
        peer,
        {
          'CPU ms/request': rounded(median.cpuMs, 3),
          'x less CPU': rounded(ratios.cpuMs, 2),
          RPS: rounded(median.rps, 1),
          'x RPS': rounded(ratios.rps, 2),
          'p50 ms': rounded(median.p50Ms, 1),
          'p99 ms': rounded(median.p99Ms, 1),
          'x p99': rounded(ratios.p99Ms, 2),
          'core busy': rounded(median.busy, 2),
          'subgraphs busy': rounded(median.subgraphsBusy, 2),
        },
      ]);
    console.table(Object.fromEntries(rows));
  }
  const { loadBefore, loadAfter, pinned } = machine;
  const load = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(' ');
  console.log(`\nLoad of the machine: ${load(loadBefore)} before, ${load(loadAfter)} after.`);
  if (!pinned) console.log('taskset is missing: nothing was pinned to a core, and the figures are worth less.');
}
