import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { PrincipalRecord } from '@tributary/kit/principal-record';

import { startIssuer } from '../issuer.ts';
import type { Issuer } from '../issuer.ts';
import { connect, post, SSE } from './clients.ts';
import type { StreamAnswer } from './clients.ts';
import { startNews } from './news-gateway.ts';
import type { NewsGateway } from './news-gateway.ts';

// Who may have an event is looked at when it is subscribed to and again for each event.

const jane: Extract<PrincipalRecord, { type: 'user' }> = {
  type: 'user',
  userId: '0199-jane',
  status: 'ACTIVE',
  roles: ['CUSTOMER', 'SUPPORT'],
  memberships: [{ organizationId: 'org', role: 'BUYER' }],
};
const emma = { id: '1', title: 'Emma', pages: 9 };
const operation = { query: 'subscription { ownBookChanged { title reader } }' };
const told = { data: { ownBookChanged: { title: 'Emma', reader: '0199-jane' } } };

let issuer: Issuer;
let news: NewsGateway;
let record: PrincipalRecord | null | Error;
let onLookup: () => void;
beforeAll(async () => {
  issuer = await startIssuer('ES256');
  news = await startNews({
    config: { issuers: [issuer], principalCacheMs: 0, limits: { deadlineMs: 1_000 } },
    findPrincipal: async () => {
      onLookup();
      if (record instanceof Error) throw record;
      return record;
    },
  });
});
beforeEach(() => {
  record = jane;
  onLookup = () => undefined;
});
afterAll(async () => {
  await news[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

async function subscribe(token: string): Promise<StreamAnswer> {
  const before = news.hub.listeners;
  const answer = await post(news.endpoint, operation, { accept: SSE, headers: { authorization: `Bearer ${token}` } });
  if (answer.status === 200) await news.hub.reached(before + 1);
  return answer;
}

const refusal = (code: string, message: string) => [
  { event: 'next', data: { errors: [{ message, extensions: { code } }] } },
  { event: 'complete' },
];

test('events and what is fetched for them are those of the caller', async () => {
  const answer = await subscribe(await issuer.token());
  news.hub.publish(emma);
  expect(await answer.next()).toEqual({ event: 'next', data: told });
  answer.leave();
  await news.hub.reached(0);
});

const INVALID = 'The access token is not valid.';
const LOST = 'The caller has lost rights since the subscription began. Subscribe again.';
const changes: readonly (readonly [what: string, record: typeof record, code: string, message: string])[] = [
  ['is suspended', { ...jane, status: 'SUSPENDED' }, 'UNAUTHENTICATED', INVALID],
  ['is not known any more', null, 'UNAUTHENTICATED', INVALID],
  ['loses a role', { ...jane, roles: ['CUSTOMER'] }, 'FORBIDDEN', LOST],
  ['loses a membership', { ...jane, memberships: [] }, 'FORBIDDEN', LOST],
  ['gets a weaker role', { ...jane, memberships: [{ organizationId: 'org', role: 'VIEWER' }] }, 'FORBIDDEN', LOST],
  [
    'cannot be looked up',
    new Error('down'),
    'UNAVAILABLE',
    'This part cannot be reached at the moment. Try again later.',
  ],
];

describe.each(changes)('a caller who %s', (_what, after, code, message) => {
  test('gets no event any more, and is told why', async () => {
    const answer = await subscribe(await issuer.token());
    news.hub.publish(emma);
    await answer.next();
    record = after;
    news.hub.publish(emma);
    expect(await answer.rest()).toEqual(refusal(code, message));
    await news.hub.reached(0);
  });

  test('is told over a WebSocket, where others go on', async () => {
    await using client = await connect(news.endpoint, { payload: { authorization: `Bearer ${await issuer.token()}` } });
    await using other = await connect(news.endpoint);
    client.send({ id: 'a', type: 'subscribe', payload: operation });
    other.send({ id: 'a', type: 'subscribe', payload: { query: 'subscription { bookChanged(id: 1) { title } }' } });
    await news.hub.reached(2);
    record = after;
    news.hub.publish(emma);
    expect(await client.next()).toEqual({ id: 'a', type: 'error', payload: [{ message, extensions: { code } }] });
    expect(await other.next()).toMatchObject({ id: 'a', type: 'next' });
    await news.hub.reached(1);
    other.send({ id: 'a', type: 'complete' });
    await news.hub.reached(0);
  });
});

test('an event waits for a directory that cannot be asked for a moment', async () => {
  const answer = await subscribe(await issuer.token());
  const asked = Promise.withResolvers<void>();
  record = new Error('down');
  onLookup = asked.resolve;
  news.hub.publish(emma);
  await asked.promise;
  record = jane;
  expect(await answer.next()).toEqual({ event: 'next', data: told });
  answer.leave();
  await news.hub.reached(0);
});

test('a caller who gains a right keeps the subscription', async () => {
  const answer = await subscribe(await issuer.token());
  record = { ...jane, roles: [...jane.roles, 'FINANCE'] };
  news.hub.publish(emma);
  expect(await answer.next()).toEqual({ event: 'next', data: told });
  answer.leave();
  await news.hub.reached(0);
});

test('callers with different rights do not share a subscription', async () => {
  const wide = await subscribe(await issuer.token());
  const narrow = await subscribe(await issuer.token({ scope: 'orders:read' }));
  expect(news.hub.listeners).toBe(2);
  wide.leave();
  narrow.leave();
  await news.hub.reached(0);
});

test('a token that is wrong is refused as on any request', async () => {
  const answer = await post(news.endpoint, operation, { accept: SSE, headers: { authorization: 'Bearer nonsense' } });
  expect(answer.status).toBe(401);
  expect(JSON.parse(await answer.text())).toEqual({
    errors: [{ message: INVALID, extensions: { code: 'UNAUTHENTICATED' } }],
  });
});

describe('when the token ends', () => {
  // Tokens live for whole seconds; the clock is the real one.
  const soon = () => Math.floor(Date.now() / 1_000) + 2;

  test('so does the stream, without waiting for an event', async () => {
    const exp = soon();
    const answer = await subscribe(await issuer.token({ exp }));
    news.hub.publish(emma);
    expect(await answer.next()).toEqual({ event: 'next', data: told });
    expect(await answer.rest()).toEqual(refusal('UNAUTHENTICATED', 'The access token has expired.'));
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
    await news.hub.reached(0);
  });

  test('the operations of a WebSocket are told, then it is closed as the protocol says', async () => {
    await using client = await connect(news.endpoint, {
      payload: { Authorization: `Bearer ${await issuer.token({ exp: soon() })}` },
    });
    client.send({ id: 'a', type: 'subscribe', payload: operation });
    await news.hub.reached(1);
    expect(await client.next()).toEqual({
      id: 'a',
      type: 'error',
      payload: [{ message: 'The access token has expired.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(await client.closed).toEqual({ code: 4403, reason: 'UNAUTHENTICATED: The access token has expired.' });
    await news.hub.reached(0);
  });
});
