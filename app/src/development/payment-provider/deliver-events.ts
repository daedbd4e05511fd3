import { SIGNATURE_HEADER, signWebhook } from '@tributary/billing/provider/webhook-signature';
import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';
import type { Database } from '@tributary/kit/database/database';

import { acknowledgeEvent, takeDueEvents } from './events.repository.ts';
import type { EventDelivery } from './events.repository.ts';

export interface WebhookTarget {
  url: string;
  secret: string;
}

const ANSWER_TIMEOUT_MS = 10 * SECOND;

/** Delivers what is due. What is not acknowledged comes up again, after a pause. True: there may be more. */
export async function deliverNext(
  { database, clock, delivery }: { database: Database; clock: Clock; delivery: EventDelivery },
  target: WebhookTarget,
  signal: AbortSignal,
): Promise<boolean> {
  const due = await takeDueEvents(database, delivery);
  const acknowledged = await Promise.all(
    due.map(async ({ position, body }) => {
      if (!(await deliver(body, target, clock, signal))) return false;
      await acknowledgeEvent(database, position, delivery);
      return true;
    }),
  );
  return acknowledged.includes(true);
}

async function deliver(
  body: string,
  { url, secret }: WebhookTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [SIGNATURE_HEADER]: signWebhook({ body, secret, now: clock.now() }),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false; // nobody there, or not in time: the same as an answer that is no acknowledgment
  }
}
