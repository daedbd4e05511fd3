import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '@tributary/kit/clock';
import { unavailable } from '@tributary/kit/errors';
import type { DomainError } from '@tributary/kit/errors';
import type { Logger } from '@tributary/kit/logger';
import type { Principal } from '@tributary/kit/principal';

import type { Session } from '../auth/authenticate.ts';
import { TokenRefused } from '../auth/token-errors.ts';
import type { RequestRecord } from '../context.ts';
import { createEventQueue } from '../event-queue.ts';
import { invalidToken, rightsLost, subscriberTooSlow, tokenExpired } from '../errors.ts';
import type { StreamLimits } from './limits.ts';
import { keepsRights } from './rights.ts';
import type { Sources, StreamEvent } from './sources.ts';
import { codeOf, endedBy } from './stream-ended.ts';
import type { StreamEnded } from './stream-ended.ts';
import type { RequestedSubscription } from './stream-request.ts';

// One subscription of one client: the events that wait for it, and everything that can end it.

const FIRST_PAUSE_MS = 100;

/** To be read by one who asks for one event at a time. `next` rejects with `StreamEnded` unless the subscription was completed. */
export interface ClientStream extends AsyncIterableIterator<StreamEvent, undefined> {
  next(): Promise<IteratorResult<StreamEvent, undefined>>;
  /** The client does not want any more. */
  return(): Promise<IteratorResult<StreamEvent, undefined>>;
  /** Ends it now; what waits is not sent any more. */
  cut(reason: DomainError): void;
}

export interface ClientStreamDeps {
  sources: Sources;
  limits: Pick<StreamLimits, 'queuedEvents' | 'queuedBytes'>;
  clock: Clock;
  logger: Logger;
  /** Time that an event is held back while the directory of subjects cannot be asked. */
  deadlineMs: number;
}

export interface ClientStreamOptions {
  subscription: RequestedSubscription;
  session: Session;
  record: RequestRecord;
  /** More events wait than may: the client does not read. Called once, after the stream was cut. */
  onTooSlow: () => void;
  /** Called once, however the stream ended. */
  onDone?: () => void;
}

/** Resolves to the stream when it has begun, or to what keeps it from beginning. */
export async function openClientStream(
  { subscription, session, record, onTooSlow, onDone }: ClientStreamOptions,
  { sources, limits, clock, logger, deadlineMs }: ClientStreamDeps,
): Promise<ClientStream | StreamEnded> {
  let queuedBytes = 0;
  const queue = createEventQueue<StreamEvent>({
    onTake: ({ text }) => void (queuedBytes -= text.length),
    onDone: () => {
      clearTimeout(expiry);
      source.leave();
      onDone?.();
    },
  });

  const cut = (reason: DomainError) => {
    source.leave();
    queue.cut(noted(endedBy(reason)));
  };
  const noted = (ended: StreamEnded): StreamEnded => {
    for (const error of ended.errors) record.errorCodes.add(codeOf(error) ?? '');
    return ended;
  };
  const expiry = expiryTimer(session, clock, () => cut(tokenExpired()));
  record.events = 0;
  const source = sources.join(
    subscription,
    {
      push(event) {
        queuedBytes += event.text.length;
        queue.push(event);
        if (queue.size <= limits.queuedEvents && queuedBytes <= limits.queuedBytes) return;
        cut(subscriberTooSlow());
        onTooSlow();
      },
      end: (ended) => queue.end(ended && noted(ended)),
    },
    record,
  );

  const refused = await source.opened;
  if (refused) {
    void queue.return();
    return noted(refused);
  }

  // An event for thousands asks for thousands of subjects at once: one that is not found out at once is asked for again.
  async function principalNow(): Promise<Principal | null> {
    const giveUpAt = clock.now().getTime() + deadlineMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2)
      try {
        return await session.again();
      } catch (error) {
        if (error instanceof TokenRefused || clock.now().getTime() + pauseMs > giveUpAt) throw error;
        await delay(pauseMs);
      }
  }

  /** Why the event must not be delivered any more. */
  async function problemNow(): Promise<DomainError | null> {
    try {
      if (session.expiresAt !== null && session.expiresAt <= clock.now().getTime()) return tokenExpired();
      const principal = await principalNow();
      const keeps = keepsRights(session.principal, principal) && (await subscription.isStillAllowed(principal));
      return keeps ? null : rightsLost();
    } catch (error) {
      if (error instanceof TokenRefused) return invalidToken();
      logger.error({ requestId: record.requestId, err: error }, 'the caller of a subscription could not be identified');
      return unavailable();
    }
  }

  const stream: ClientStream = {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const next = await queue.next();
      if (next.done === true) return next;
      const problem = await problemNow();
      if (problem) {
        cut(problem);
        return queue.next();
      }
      record.events = (record.events ?? 0) + 1;
      for (const code of next.value.codes) record.errorCodes.add(code);
      return next;
    },
    return: () => queue.return(),
    cut,
  };
  return stream;
}

function expiryTimer({ expiresAt }: Session, clock: Clock, expire: () => void): NodeJS.Timeout | undefined {
  // No token lives long enough to overflow the timer.
  return expiresAt === null ? undefined : setTimeout(expire, Math.max(0, expiresAt - clock.now().getTime()));
}
