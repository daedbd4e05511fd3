import { isDeepStrictEqual } from 'node:util';

import type { MarketAnswer, MarketError } from './market-gateway.ts';

// Whether an answer is the best that can be given when a subgraph fails: nothing is wrong, nothing is lost without a reason, nothing
// is lost that need not be, and nothing is told that is nobody's business.

type Path = readonly (string | number)[];

const CODES = new Set([
  'SUBGRAPH_UNAVAILABLE',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_MALFORMED_RESPONSE',
  'INTERNAL_SERVER_ERROR',
]);
const FORBIDDEN =
  /hunter2|polluted|https?:|127\.0\.0\.1|localhost|\d\.\d+\.\d+\.\d|:\d{4,5}\b|ECONN|UND_ERR|undici|stack|\.ts:|node_modules|serviceName|people\.invalid|"subgraph"/i;

export interface Expectation {
  /** What is right. */
  complete: unknown;
  /** What has to be there at least. */
  left: unknown;
  /** Fields that a subgraph may well leave empty; those that must not be null are of no use here. */
  mayBeNull?: readonly string[];
}

/** Every problem with an answer, in words. */
export function problemsOf(answer: MarketAnswer, { complete, left, mayBeNull = [] }: Expectation): string[] {
  const { data, errors = [] } = answer.body;
  const leak = FORBIDDEN.exec(answer.text)?.[0];
  return [
    ...(answer.status === 200 ? [] : [`HTTP ${answer.status}`]),
    ...(leak === undefined ? [] : [`says "${leak}"`]),
    ...errors.flatMap((error) => errorProblems(error, complete)),
    ...wrongValues(complete, data, { path: [], errors, mayBeNull }),
    ...missingValues(left, data, []),
  ];
}

function errorProblems({ path, extensions }: MarketError, complete: unknown): string[] {
  const { code, requestId: _, ...rest } = extensions;
  return [
    ...(CODES.has(String(code)) ? [] : [`an error has the code ${String(code)}`]),
    ...(Object.keys(rest).length === 0 ? [] : [`an error tells ${Object.keys(rest).join(', ')}`]),
    ...(path && path.length > 0 && leadsSomewhere(path, complete) ? [] : [`an error has the path ${text(path)}`]),
  ];
}

/** Whether the client can find the place in its operation. */
function leadsSomewhere([head, ...rest]: Path, value: unknown): boolean {
  if (head === undefined || value === null) return true;
  if (typeof value !== 'object' || !Object.hasOwn(value, head)) return false;
  return leadsSomewhere(rest, (value as Record<string | number, unknown>)[head]);
}

/** What is neither right nor null with an error that says why. */
function wrongValues(
  right: unknown,
  actual: unknown,
  told: { path: Path; errors: readonly MarketError[]; mayBeNull: readonly string[] },
): string[] {
  const { path, errors, mayBeNull } = told;
  if (isDeepStrictEqual(right, actual)) return [];
  if (actual === null && (isExplained(path, errors) || mayBeNull.includes(String(path.at(-1))))) return [];
  if (actual === null) return [`${text(path)} is null without an error`];
  if (!haveSameKeys(right, actual)) return [`${text(path)} is wrong: ${JSON.stringify(actual)?.slice(0, 80)}`];
  return Object.entries(right).flatMap(([key, value]) => {
    const inner = [...path, Array.isArray(right) ? Number(key) : key];
    return wrongValues(value, (actual as Record<string, unknown>)[key], { ...told, path: inner });
  });
}

function missingValues(left: unknown, actual: unknown, path: Path): string[] {
  if (left === null || isDeepStrictEqual(left, actual)) return [];
  if (!haveSameKeys(left, actual)) return [`${text(path)} is lost without need`];
  return Object.entries(left).flatMap(([key, value]) =>
    missingValues(value, (actual as Record<string, unknown>)[key], [...path, key]),
  );
}

function isExplained(path: Path, errors: readonly MarketError[]): boolean {
  return errors.some(({ path: told = [] }) => {
    const shared = Math.min(told.length, path.length);
    return isDeepStrictEqual(told.slice(0, shared), path.slice(0, shared));
  });
}

function haveSameKeys(a: unknown, b: unknown): a is object {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Array.isArray(a) === Array.isArray(b) && isDeepStrictEqual(Object.keys(a).sort(), Object.keys(b).sort());
}

const text = (path: Path | undefined) => (path ?? ['nothing']).join('.') || 'the data';
