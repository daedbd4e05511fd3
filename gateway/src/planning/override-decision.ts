import { createHash } from 'node:crypto';

import type { Logger } from '@tributary/kit/logger';
import type { SubgraphCall } from '@tributary/kit/subgraph';

// Which labels of `@override` hold for a request. `percent(n)` holds for that part of all requests, chosen by the request id, so that one
// request is never of two minds. What any other label means is decided outside; without a decision the field stays where it was.

/** Says of each label whether it holds for the request. A label that is left out does not. */
export type DecideOverrides = (
  labels: readonly string[],
  call: SubgraphCall,
) => Readonly<Record<string, boolean>> | Promise<Readonly<Record<string, boolean>>>;

const PERCENT = /^percent\((\d+(?:\.\d+)?)\)$/;
const FINENESS = 2 ** 32;

/** The labels that hold, out of `labels`. Never rejects: a decision that fails moves nothing. */
export async function heldLabels(
  labels: readonly string[],
  { call, decide, logger }: { call: SubgraphCall; decide: DecideOverrides | undefined; logger: Pick<Logger, 'error'> },
): Promise<ReadonlySet<string>> {
  const held = new Set(labels.filter((label) => isChosen(label, call.requestId)));
  const others = labels.filter((label) => !PERCENT.test(label));
  if (others.length === 0 || !decide) return held;
  try {
    const decided = await decide(others, call);
    for (const label of others) if (Object.hasOwn(decided, label) && decided[label] === true) held.add(label);
  } catch (err) {
    logger.error({ err, requestId: call.requestId, labels: others }, 'labels of @override could not be decided');
  }
  return held;
}

function isChosen(label: string, requestId: string): boolean {
  const [, percent] = PERCENT.exec(label) ?? [];
  return percent !== undefined && shareOf(`${requestId} ${label}`) * 100 < Number(percent);
}

/** Spread evenly over 0 to 1, and always the same for the same text. */
function shareOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / FINENESS;
}
