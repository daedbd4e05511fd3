import type { Answer, Answers } from './graph.ts';

// When two answers are the same. Data is compared as text, so the order of names counts, except where an error took something away:
// a subgraph is free to stop early, and order is not what is at stake there.

export interface Difference {
  kind: 'data' | 'stock data' | 'errors' | 'stock errors';
  ours: unknown;
  theirs: unknown;
}

/** What is different between our answer and the two others; empty when all is well. */
export function compareAnswers({ ours, stock, plain }: Answers): readonly Difference[] {
  const differences: Difference[] = [];
  const add = (kind: Difference['kind'], mine: unknown, theirs: unknown) => {
    if (JSON.stringify(mine) !== JSON.stringify(theirs)) differences.push({ kind, ours: mine, theirs });
  };
  add('data', ours.data, plain.data);
  add('stock data', ours.data, stock.data);
  add('errors', errorPlaces(ours), errorPlaces(plain));
  add('stock errors', errorFields(ours), errorFields(stock));
  return differences;
}

/**
 * The nulls of an answer that errors account for. Of several errors below one null the specification asks for one, no matter which, so
 * the null is what can be compared, not the path.
 */
function errorPlaces({ data, errors = [] }: Answer): readonly string[] {
  return [...new Set(errors.map(({ path = [] }) => nullOn(path, data)))].sort();
}

function nullOn(path: readonly (string | number)[], data: Answer['data']): string {
  let value: unknown = data;
  const walked: (string | number)[] = [];
  for (const part of path) {
    if (typeof value !== 'object' || value === null) break;
    value = (value as Record<string | number, unknown>)[part];
    walked.push(part);
  }
  return `${walked.join('.')}${value === null ? '' : ' (which is not null)'}`;
}

/** Fields of the root with an error below. */
function errorFields({ errors = [] }: Answer): readonly string[] {
  return [...new Set(errors.map(({ path = [] }) => String(path[0])))].sort();
}
