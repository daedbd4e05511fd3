import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { supergraphUrl, SupergraphUnreadable } from '@tributary/gateway';

import { startPeer } from '../peer.ts';
import type { Peer } from '../peer.ts';
import { listenTo } from './listening.ts';

const SOON = { timeout: 10_000, interval: 10 };
const OFTEN_MS = 20;
/** Long enough for many looks. */
const WHILE_MS = 300;

/** Answers with a text that has no tag. */
const plain = (sdl: string) => (_: unknown, response: ServerResponse) => response.end(sdl);
const status = (code: number) => (_: unknown, response: ServerResponse) => response.writeHead(code).end();
const open = ({ url }: Peer) => listenTo(supergraphUrl({ url: `${url}/supergraph`, pollIntervalMs: OFTEN_MS }));
const tagsAt = ({ received }: Peer) => received.map(({ headers }) => headers['if-none-match']);

/** Resolves when the store has been asked so often again. */
async function looks(store: Peer, times = 3): Promise<void> {
  const before = store.received.length;
  await expect.poll(() => store.received.length, SOON).toBeGreaterThanOrEqual(before + times);
}

test('a store without tags is asked for the whole text, and only another one is told', async () => {
  await using store = await startPeer(plain('one'));
  await using heard = await open(store);
  expect(heard.sdl).toBe('one');
  await looks(store);
  expect(heard.changed).toEqual([]);
  store.fault = plain('two');
  await looks(store);
  expect(heard.changed).toEqual(['two']);
  expect(new Set(tagsAt(store))).toEqual(new Set([undefined]));
});

test('the same text under another tag is not told, and asked for by that tag from then on', async () => {
  let tag = '"a"';
  await using store = await startPeer((_, response) => response.setHeader('etag', tag).end('one'));
  await using heard = await open(store);
  await looks(store);
  tag = '"b"';
  await looks(store);
  expect(heard.changed).toEqual([]);
  expect(tagsAt(store).at(-1)).toBe('"b"');
});

test('the chosen headers go along with every look', async () => {
  await using store = await startPeer(plain('one'));
  const headers = { authorization: 'Bearer store-key', accept: 'application/x-supergraph' };
  const source = supergraphUrl({ url: store.url, headers, pollIntervalMs: OFTEN_MS });
  await using heard = await listenTo(source);
  await looks(store);
  expect(heard.changed).toEqual([]);
  for (const asked of store.received) expect(asked).toMatchObject({ method: 'GET', headers });
});

test.each([204, 304, 404, 500])('status %i is no supergraph: neither at first nor later', async (code) => {
  await using store = await startPeer(status(code));
  const reason = `The supergraph ${store.url}/supergraph was answered with HTTP status ${code}.`;
  await expect(open(store)).rejects.toThrow(new SupergraphUnreadable(reason));

  store.fault = plain('one');
  await using heard = await open(store);
  store.fault = status(code);
  await expect.poll(() => [...heard.failed], SOON).toEqual([`SupergraphUnreadable: ${reason}`]);
  store.fault = plain('two');
  await expect.poll(() => heard.changed, SOON).toEqual(['two']);
});

test('a redirect is not followed: it would take the credentials along', async () => {
  await using target = await startPeer(plain('of somebody else'));
  await using store = await startPeer((_, response) => response.writeHead(302, { location: target.url }).end());
  await expect(open(store)).rejects.toThrow('HTTP status 302');
  expect(target.received).toEqual([]);
});

test.each([
  ['is cut off before it', (_: unknown, response: ServerResponse) => response.destroy()],
  [
    'breaks off within it',
    (_: unknown, response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    },
  ],
])('an answer that %s is told, and nothing of it is taken for a text', async (_, cut) => {
  await using store = await startPeer(plain('one'));
  await using heard = await open(store);
  store.fault = cut;
  await expect
    .poll(() => [...heard.failed], SOON)
    .toEqual([`SupergraphUnreadable: The supergraph ${store.url}/supergraph cannot be fetched: UND_ERR_SOCKET.`]);
  expect(heard.changed).toEqual([]);
  store.fault = plain('two');
  await expect.poll(() => heard.changed, SOON).toEqual(['two']);
});

test.each([
  [200, 'is too large'],
  [500, 'was answered with HTTP status 500'],
])('an answer without end, of status %i, is refused and left', async (code, reason) => {
  const left = Promise.withResolvers<void>();
  await using store = await startPeer((_, response) => {
    response.writeHead(code).on('close', left.resolve);
    const chunk = Buffer.alloc(1024 * 1024, '#');
    const more = () => void response.write(chunk, (error) => error ?? more());
    more();
  });
  await expect(open(store)).rejects.toThrow(
    new SupergraphUnreadable(`The supergraph ${store.url}/supergraph ${reason}.`),
  );
  await left.promise;
});

test('no message has the credentials of the address', async () => {
  await using store = await startPeer(status(403));
  const { host } = new URL(store.url);
  const source = (url: string) => listenTo(supergraphUrl({ url, pollIntervalMs: OFTEN_MS }));
  await expect(source(`http://${host}/supergraph?key=secret#secret`)).rejects.toThrow(
    new SupergraphUnreadable(`The supergraph http://${host}/supergraph was answered with HTTP status 403.`),
  );
  await expect(source(`http://user:secret@${host}/supergraph`)).rejects.toThrow(
    new SupergraphUnreadable(`The supergraph http://${host}/supergraph cannot be fetched: TypeError.`),
  );
});

test('a store that takes its time is asked once at a time', async () => {
  await using store = await startPeer(plain('one'));
  await using heard = await open(store);
  const held: ServerResponse[] = [];
  store.fault = (_, response) => void held.push(response);
  await expect.poll(() => held.length, SOON).toBe(1);
  await sleep(WHILE_MS);
  expect(held).toHaveLength(1);
  held[0]!.end('two');
  await expect.poll(() => heard.changed, SOON).toEqual(['two']);
  await expect.poll(() => held.length, SOON).toBe(2);
});

test('stopping ends a look that is under way, and nothing is told of it or after it', async () => {
  await using store = await startPeer(plain('one'));
  await using heard = await open(store);
  const asked = Promise.withResolvers<ServerResponse>();
  store.fault = (_, response) => asked.resolve(response);
  const response = await asked.promise;
  const left = new Promise((resolve) => response.on('close', resolve));
  await heard.stop();
  await heard.stop();
  await left;
  store.fault = plain('two');
  const looked = store.received.length;
  await sleep(WHILE_MS);
  expect(store.received).toHaveLength(looked);
  expect(heard.changed).toEqual([]);
  expect([...heard.failed]).toEqual([]);
});
