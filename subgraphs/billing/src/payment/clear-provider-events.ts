import sql from 'sql-template-tag';

import { DAY, HOUR } from '@tributary/kit';
import type { Database, Job } from '@tributary/kit';

// Longer than any provider repeats an event. One that came even later would still find its payment in a state that it does not change.
const KEPT_MS = 90 * DAY;
const BATCH = 1_000;

/** Forgets what the provider told long ago. */
export function createProviderEventClearing(database: Pick<Database, 'query'>): Job {
  return {
    name: 'clearing of provider events',
    intervalMs: HOUR,
    async run() {
      const cleared = await database.query(
        sql`DELETE FROM billing.provider_events WHERE ctid = ANY(ARRAY(
          SELECT ctid FROM billing.provider_events
          WHERE received_at < now() - ${KEPT_MS}::bigint * interval '1 millisecond' LIMIT ${BATCH})) RETURNING 1`,
      );
      return cleared.length === BATCH;
    },
  };
}
