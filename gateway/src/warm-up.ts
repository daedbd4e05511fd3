import { setTimeout as delay } from 'node:timers/promises';

import { validate } from 'graphql';

import type { Clock } from '@tributary/kit/clock';

import type { UsedOperation } from './operation-cache.ts';
import type { ServedSupergraph } from './served-supergraph.ts';

/** What became of the operations that were in use. */
export interface WarmUp {
  planned: number;
  /** Do not fit the new supergraph any more. */
  dropped: number;
  /** There was no time for them. */
  left: number;
}

// Requests wait while operations are planned. So it is done a little at a time, and half of the time is theirs.
const SLICE_MS = 5;

/** Plans operations for a supergraph that does not serve yet, in the order given, for at most about `budgetMs`. */
export async function warmUp(
  { supergraph, operations }: Pick<ServedSupergraph, 'supergraph' | 'operations'>,
  used: readonly UsedOperation[],
  { budgetMs, clock, signal }: { budgetMs: number; clock: Clock; signal: AbortSignal },
): Promise<WarmUp> {
  const now = () => clock.now().getTime();
  const end = now() + budgetMs;
  const result: WarmUp = { planned: 0, dropped: 0, left: used.length };
  let sliceEnd = now() + SLICE_MS;
  for (const each of used) {
    if (now() >= sliceEnd) {
      await delay(SLICE_MS);
      sliceEnd = now() + SLICE_MS;
    }
    if (signal.aborted || now() >= end) break;
    result.left -= 1;
    if (adopt(each)) result.planned += 1;
    else result.dropped += 1;
  }
  return result;

  function adopt(each: UsedOperation): boolean {
    if (validate(supergraph.apiSchema, each.document, undefined, { maxErrors: 1 }).length > 0) return false;
    try {
      operations.adopt(each);
      return true;
    } catch {
      return false; // whoever sends it is told the reason
    }
  }
}
