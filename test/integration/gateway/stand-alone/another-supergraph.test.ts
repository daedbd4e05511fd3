import { rename, writeFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { createEngine } from '@tributary/gateway';

import { collectLogs } from '../../../kit/collect-logs.ts';
import type { Logs } from '../../../kit/collect-logs.ts';
import { sendJson, startPeer } from '../peer.ts';
import { BOOKS, BOOKS_ANSWER, composeBookshop, startBookshop, startSubgraph } from './bookshop.ts';
import { ask, makeFolder } from './gateway-process.ts';
import { offering, startConfigured, startOpen } from './open-gateway.ts';

/** Number of the supergraph that clients see. */
async function versionAt(url: string): Promise<number> {
  const { body } = await ask(url, '{ __schema { queryType { fields { name } } } }');
  return Number(/"edition(\d+)"/.exec(JSON.stringify(body))?.[1]);
}

const messages = ({ lines }: Logs) => lines.filter(({ msg }) => msg !== 'request').map(({ msg }) => msg);

test('a file that is replaced or written to is served at once, and one that is broken changes nothing', async () => {
  await using shop = await startBookshop();
  await using folder = await makeFolder();
  const path = await folder.write('supergraph.graphql', shop.supergraph(1));
  const logs = collectLogs();
  await using gateway = await startConfigured(path, { supergraph: { pollIntervalMs: 60_000 } }, logs);
  expect(await versionAt(gateway.url)).toBe(1);

  await rename(await folder.write('next.graphql', shop.supergraph(2)), path);
  await expect.poll(() => versionAt(gateway.url), { timeout: 10_000 }).toBe(2);

  await writeFile(path, 'type Query { broken');
  await expect
    .poll(() => messages(logs), { timeout: 10_000 })
    .toContain('a supergraph was refused; the last one goes on serving');
  expect(await versionAt(gateway.url)).toBe(2);
  expect(await ask(gateway.url, BOOKS)).toEqual({ status: 200, body: BOOKS_ANSWER });

  await writeFile(path, shop.supergraph(3));
  await expect.poll(() => versionAt(gateway.url), { timeout: 10_000 }).toBe(3);
});

test('a URL is polled with the tag of the known version; what cannot be served is told once', async () => {
  await using shop = await startBookshop();
  let now = { status: 200, sdl: shop.supergraph(1), etag: '"v1"' };
  const tags: (string | undefined)[] = [];
  await using store = await startPeer((request, response) => {
    tags.push(request.headers['if-none-match']);
    if (request.headers.authorization !== 'Bearer store-key') response.writeHead(403).end();
    else if (request.headers['if-none-match'] === now.etag) response.writeHead(304).end();
    else response.writeHead(now.status, { etag: now.etag }).end(now.sdl);
  });
  const logs = collectLogs();
  const headers = { authorization: 'Bearer store-key' };
  await using gateway = await startConfigured(
    `${store.url}/supergraph?key=secret`,
    { supergraph: { pollIntervalMs: 100, headers } },
    logs,
  );
  expect(await versionAt(gateway.url)).toBe(1);
  await expect.poll(() => tags.length, { timeout: 10_000 }).toBeGreaterThan(3);
  expect(new Set(tags.slice(1))).toEqual(new Set(['"v1"']));

  now = { status: 200, sdl: shop.supergraph(2), etag: '"v2"' };
  await expect.poll(() => versionAt(gateway.url), { timeout: 10_000 }).toBe(2);
  for (const broken of [
    { status: 500, sdl: 'oh', etag: '"v3"' },
    { status: 200, sdl: 'type Query { a: Int }', etag: '"v4"' },
    { status: 302, sdl: '', etag: '"v5"' },
  ]) {
    now = broken;
    const asked = tags.length;
    await expect.poll(() => tags.length, { timeout: 10_000 }).toBeGreaterThan(asked + 3);
    expect(await versionAt(gateway.url)).toBe(2);
  }
  now = { status: 200, sdl: shop.supergraph(6), etag: '"v6"' };
  await expect.poll(() => versionAt(gateway.url), { timeout: 10_000 }).toBe(6);
  expect(messages(logs)).toEqual([
    expect.stringContaining('the gateway is open'),
    'another supergraph took over',
    'the supergraph cannot be looked at; the last one goes on serving',
    'a supergraph was refused; the last one goes on serving',
    'the supergraph cannot be looked at; the last one goes on serving',
    'another supergraph took over',
  ]);
  expect(JSON.stringify(logs.lines)).not.toMatch(/secret|store-key/);
});

test('fifty supergraphs follow one another under load, five of them broken, and no request fails', async () => {
  await using shop = await startBookshop();
  const logs = collectLogs();
  const { source, offer } = offering(shop.supergraph(0));
  await using gateway = await startOpen(source, { logs, config: { planCacheSize: 20, warmUpMs: 100 } });
  const broken = [
    'type Query {',
    'type Query { a: Int }',
    '',
    composeBookshop(() => 'nowhere'),
    shop.supergraph(99).replaceAll('join__Graph', 'join__Missing'),
  ];

  let isLoaded = true;
  const failures: unknown[] = [];
  let answered = 0;
  const load = async (client: number) => {
    for (let round = 0; isLoaded; round += 1) {
      // Some operations come again and again, others are new each time.
      const name = round % 2 === 0 ? `Known${client}` : `New${client}x${round}`;
      const answer = await ask(gateway.url, `query ${name} ${BOOKS}`).catch((error: unknown) => error);
      if (JSON.stringify(answer) !== JSON.stringify({ status: 200, body: BOOKS_ANSWER })) failures.push(answer);
      answered += 1;
    }
  };
  const clients = Array.from({ length: 8 }, (_, client) => load(client));
  const done = () => messages(logs).length;
  for (let swap = 1; swap <= 50; swap += 1) {
    const isBroken = swap % 10 === 5;
    offer(isBroken ? broken[(swap - 5) / 10]! : shop.supergraph(swap));
    await expect.poll(done, { timeout: 10_000, interval: 10 }).toBe(swap);
    const before = answered;
    await expect.poll(() => answered, { timeout: 10_000, interval: 5 }).toBeGreaterThan(before + 8);
  }
  isLoaded = false;
  await Promise.all(clients);

  expect(failures).toEqual([]);
  expect(messages(logs).filter((each) => each === 'another supergraph took over')).toHaveLength(45);
  expect(await versionAt(gateway.url)).toBe(50);
}, 60_000);

test('operations in use are planned before the next supergraph takes over, and those that no longer fit are dropped', async () => {
  await using shop = await startBookshop();
  const logs = collectLogs();
  const { source, offer } = offering(shop.supergraph(0));
  const prepared: unknown[] = [];
  const createExecutor: typeof createEngine = (deps) => {
    const engine = createEngine(deps);
    return {
      prepare(planned) {
        prepared.push(planned.operation.name?.value);
        return engine.prepare(planned);
      },
    };
  };
  await using gateway = await startOpen(source, { logs, deps: { createExecutor } });
  for (const name of ['Twice', 'Once', 'Twice']) await ask(gateway.url, `query ${name} ${BOOKS}`);
  await ask(gateway.url, '{ edition0 }');
  offer(shop.supergraph(1));
  await expect
    .poll(() => logs.lines.find(({ msg }) => msg === 'another supergraph took over'))
    .toMatchObject({
      planned: 2,
      dropped: 1,
      left: 0,
    });
  expect(prepared.splice(0)).toEqual(['Twice', 'Once', undefined, 'Twice', 'Once']);
  expect(await ask(gateway.url, `query Once ${BOOKS}`)).toEqual({ status: 200, body: BOOKS_ANSWER });
  expect(prepared).toEqual([]);
  expect(await ask(gateway.url, '{ edition0 }')).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
  });
});

test('a request that has begun is finished by the supergraph it began with, over its own connections', async () => {
  await using shop = await startBookshop();
  await using moved = await startSubgraph('books');
  const { source, offer } = offering(shop.supergraph(0));
  await using gateway = await startOpen(source);
  const waiting = Promise.withResolvers<() => void>();
  shop.peers.books.fault = (_, response) =>
    waiting.resolve(() =>
      sendJson(response, { data: { books: [{ title: 'Old', author: { __typename: 'Author', id: '1' } }] } }),
    );
  const begun = ask(gateway.url, BOOKS);
  const answer = await waiting.promise;

  offer(composeBookshop((name) => `${name === 'books' ? moved.url : shop.peers[name].url}/graphql`));
  await expect
    .poll(async () => (await ask(gateway.url, BOOKS).then(() => moved.received.length)) > 0, { timeout: 10_000 })
    .toBe(true);
  answer();
  expect(await begun).toEqual({ status: 200, body: { data: { books: [{ title: 'Old', author: { name: 'Jane' } }] } } });
});
