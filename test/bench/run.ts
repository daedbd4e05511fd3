import { parseArgs } from 'node:util';

// npm run bench -- <name> [--json]. A benchmark prints what it measured, never a verdict.

export interface BenchmarkOptions {
  json: boolean;
  /** Arguments that are the benchmark's own. */
  rest: readonly string[];
}

export type Benchmark = (options: BenchmarkOptions) => Promise<void>;

const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  compile: async () => (await import('./compile/compile.ts')).benchmarkCompile,
  gateway: async () => (await import('./gateway/gateway.ts')).benchmarkGateway,
  pages: async () => (await import('./pages.ts')).benchmarkPages,
  start: async () => (await import('./start.ts')).benchmarkStart,
  subscriptions: async () => (await import('./subscriptions/subscriptions.ts')).benchmarkSubscriptions,
  workload: async () => (await import('./workload/workload.ts')).benchmarkWorkload,
};

const { values, positionals, tokens } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
  strict: false,
  tokens: true,
});
const [name] = positionals;
const load = name === undefined ? undefined : BENCHMARKS[name];
if (!load) {
  console.error(`Which benchmark? npm run bench -- ${Object.keys(BENCHMARKS).join(' | ')} [--json]`);
  process.exit(1);
}
const own = tokens.filter((token) => token.kind !== 'option' || token.name !== 'json').slice(1);
const benchmark = await load();
await benchmark({ json: values.json === true, rest: own.map(({ index }) => process.argv[index + 2] ?? '') });
