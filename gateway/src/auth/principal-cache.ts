import { LRUCache } from 'lru-cache';

import type { Clock } from '@tributary/kit/clock';
import type { FindPrincipal, PrincipalQuery, PrincipalRecord } from '@tributary/kit/principal-record';

const MAX_RECORDS = 10_000;

/**
 * Asks once for a subject and keeps the answer for `ttlMs`, or until the directory says that it has changed; calls made meanwhile wait
 * for the same answer. Subjects that are not known, and failures, are not kept.
 */
export function cachePrincipals(find: FindPrincipal, { ttlMs, clock }: { ttlMs: number; clock: Clock }): FindPrincipal {
  const records = new LRUCache<string, { record: PrincipalRecord; expiresAt: number }>({ max: MAX_RECORDS });
  const pending = new Map<string, Promise<PrincipalRecord | null>>();
  let changes = 0;

  find.onChange?.((userId) => {
    changes += 1;
    // An answer that is on its way may have been read before the change: whoever asks from now on asks anew.
    pending.clear();
    for (const [key, { record }] of records)
      if (record.type === 'user' && record.userId === userId) records.delete(key);
  });

  return (query) => {
    const key = keyOf(query);
    const known = records.get(key);
    if (known && known.expiresAt > clock.now().getTime()) return Promise.resolve(known.record);
    const running = pending.get(key);
    if (running) return running;
    // The time of asking counts: an answer may be as old as its question.
    const expiresAt = clock.now().getTime() + ttlMs;
    const asOf = changes;
    const asked = find(query)
      .then((record) => {
        if (record && changes === asOf) records.set(key, { record, expiresAt });
        return record;
      })
      .finally(() => {
        if (pending.get(key) === asked) pending.delete(key);
      });
    pending.set(key, asked);
    return asked;
  };
}

function keyOf(query: PrincipalQuery): string {
  return JSON.stringify('clientId' in query ? [query.clientId] : [query.issuer, query.subject]);
}
