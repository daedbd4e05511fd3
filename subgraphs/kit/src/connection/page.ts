import { domainError } from '../errors.ts';
import type { CursorCodec, Position } from './cursor.ts';

/** The paging arguments of every connection field. */
export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface Page {
  size: number;
  /** `backward`: the last `size` rows before the end of the range. Rows are handed out in list order all the same. */
  direction: 'forward' | 'backward';
  after: Position | null;
  before: Position | null;
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

export const invalidPageSize = domainError(
  'INVALID_PAGE_SIZE',
  ({ argument, value }: { argument: 'first' | 'last'; value: number }) =>
    `"${argument}" must be from 1 to ${MAX_PAGE_SIZE}, not ${value}.`,
);
export const conflictingPageArguments = domainError(
  'CONFLICTING_PAGE_ARGUMENTS',
  () => 'Give "first" or "last", not both.',
);

/** Checks paging arguments before any SQL runs. `list` is the name that cursors of the list are bound to. */
export function parsePage({ first, after, last, before }: PageArguments, list: string, cursors: CursorCodec): Page {
  if (isGiven(first) && isGiven(last)) throw conflictingPageArguments();
  const direction = isGiven(last) ? 'backward' : 'forward';
  return {
    direction,
    size: direction === 'backward' ? checkedSize('last', last!) : checkedSize('first', first ?? DEFAULT_PAGE_SIZE),
    after: isGiven(after) ? cursors.decode(list, after) : null,
    before: isGiven(before) ? cursors.decode(list, before) : null,
  };
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

function checkedSize(argument: 'first' | 'last', value: number): number {
  if (value < 1 || value > MAX_PAGE_SIZE) throw invalidPageSize({ argument, value });
  return value;
}
