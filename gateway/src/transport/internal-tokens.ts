import { LRUCache } from 'lru-cache';

import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';
import { INTERNAL_TOKEN_LIFETIME_MS } from '@tributary/kit/internal-token';
import type { InternalTokenSigner } from '@tributary/kit/internal-token';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { OperationKind } from './subgraph-transport.ts';

/** Internal tokens for one subgraph. */
export interface InternalTokens {
  /** A token that outlives the call. Queries of one principal share it; a mutation gets one of its own, good for one use. */
  tokenFor(call: SubgraphCall, operationKind: OperationKind): Promise<string>;
}

const MAX_TOKENS = 5_000;
const SPARE_MS = 5 * SECOND; // clocks differ, and the request takes its time to arrive

export function createInternalTokens({
  signer,
  subgraph,
  clock,
}: {
  signer: InternalTokenSigner;
  subgraph: string;
  clock: Clock;
}): InternalTokens {
  const signed = new LRUCache<string, { token: Promise<string>; expiresAt: number }>({ max: MAX_TOKENS });
  return {
    tokenFor({ principal, deadline }, operationKind) {
      if (operationKind !== 'query') return signer.sign(principal, subgraph);
      // Everything the token says is in the key, so a role that was taken away takes its tokens with it.
      const key = JSON.stringify(principal);
      const known = signed.get(key);
      if (known && known.expiresAt >= deadline + SPARE_MS) return known.token;
      const token = signer.sign(principal, subgraph);
      signed.set(key, { token, expiresAt: clock.now().getTime() + INTERNAL_TOKEN_LIFETIME_MS });
      token.catch(() => signed.delete(key));
      return token;
    },
  };
}
