import { unavailable } from '@tributary/kit/errors';
import type { Logger } from '@tributary/kit/logger';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import { refusal } from '../errors.ts';

/** Says of each policy whether it holds for the request. A policy that is left out does not. */
export type DecidePolicies = (
  policies: readonly string[],
  call: SubgraphCall,
) => Readonly<Record<string, boolean>> | Promise<Readonly<Record<string, boolean>>>;

const none: ReadonlySet<string> = new Set();

/** The policies that hold, out of those an operation needs. An outage must not look like a missing right, so it rejects. */
export async function grantedPolicies(
  policies: readonly string[],
  { call, decide, logger }: { call: SubgraphCall; decide: DecidePolicies | undefined; logger: Pick<Logger, 'error'> },
): Promise<ReadonlySet<string>> {
  if (policies.length === 0 || !decide) return none;
  try {
    const decided = await decide(policies, call);
    return new Set(policies.filter((name) => Object.hasOwn(decided, name) && decided[name] === true));
  } catch (err) {
    logger.error({ err, requestId: call.requestId, policies }, 'policies could not be decided');
    throw refusal(unavailable(), { status: 503 });
  }
}
