import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { tryToSubscribe } from '../../kit/subscriber.ts';
import { ALL, buyer, ONE, organizationId, startOrderUpdates } from './order-updates-world.ts';
import type { OrderUpdatesWorld } from './order-updates-world.ts';
import { customer, staff } from './orders-world.ts';

// When a stream ends that nobody left, and how many there may be.

let world: OrderUpdatesWorld;
beforeAll(async () => {
  world = await startOrderUpdates();
});
afterAll(() => world[Symbol.asyncDispose]());
afterEach(() => world.clear());

test('who does not read is cut off, and holds up nobody', async () => {
  await using small = await world.replica({ subscriptions: { waitingChanges: 3 } });
  const draft = await world.draft(buyer);
  const idle = await world.follow(buyer, draft.id, { subgraph: small });
  const brisk = await world.follow(buyer, draft.id, { subgraph: small });
  let order = draft;
  for (let number = 1; number <= 5; number += 1) {
    order = await world.changeNote(order, `Note ${number}`);
    expect((await brisk.next()).order.version).toBe(order.version);
  }
  expect(await idle.ended()).toBe('SUBSCRIBER_TOO_SLOW');
  expect(await idle.ended()).toBe('completed');
});

test('no more streams are opened than a process may have, and one that is left makes room', async () => {
  await using small = await world.replica({ subscriptions: { streams: 1 } });
  const draft = await world.draft(buyer);
  const first = await world.follow(buyer, draft.id, { subgraph: small });
  expect(await tryToSubscribe(small, buyer, ONE, { id: draft.id })).toBe('UNAVAILABLE');
  await first.leave();
  expect(await tryToSubscribe(small, customer(9), ONE, { id: draft.id })).toBe('NOT_FOUND');
  expect(await tryToSubscribe(small, buyer, ONE, { id: draft.id })).toBe('started');
  expect(await tryToSubscribe(small, buyer, ONE, { id: draft.id })).toBe('started');
});

test('a stream ends when it has lasted as long as one may', async () => {
  await using brief = await world.replica({ subscriptions: { lifetimeMs: 50 } });
  const draft = await world.draft(buyer);
  const subscriber = await world.follow(buyer, draft.id, { subgraph: brief });
  expect(await subscriber.ended()).toBe('SUBSCRIPTION_EXPIRED');
});

test('stopping ends every stream, also one that waits', async () => {
  await using second = await world.replica();
  const draft = await world.draft(buyer);
  const waiting = (await world.follow(buyer, draft.id, { subgraph: second })).ended();
  const idle = await world.follow(buyer, draft.id, { subgraph: second });
  await second.stop();
  expect(await waiting).toBe('GOING_AWAY');
  expect(await idle.ended()).toBe('GOING_AWAY');
  expect(await tryToSubscribe(second, staff('SUPPORT'), ALL, { id: organizationId(7) })).toBe('UNAVAILABLE');
});

test('a subscriber who leaves by a signal ends the stream while it waits', async () => {
  const draft = await world.draft(buyer);
  const leaving = new AbortController();
  const call = { principal: buyer, requestId: 'test', deadline: Date.now() + 10_000, signal: leaving.signal };
  const stream = await world.subgraph.subscribe!({ query: ONE, variables: { id: draft.id } }, call);
  const next = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
  leaving.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
