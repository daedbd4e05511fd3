import { parseArgs } from 'node:util';

export interface CompileBenchOptions {
  /** Fresh processes for each cold figure. */
  runs: number;
  /** Distinct operations that are kept to see what one takes. */
  kept: number;
}

/** Throws for what it does not understand. */
export function parseCompileBenchOptions(args: readonly string[]): CompileBenchOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...args], options: { runs: text, kept: text } });
  return {
    runs: numberOf('runs', values.runs ?? '3', 1),
    kept: numberOf('kept', values.kept ?? '100', 10),
  };
}

function numberOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new Error(`--${name} must be a whole number of at least ${least}.`);
  return value;
}
