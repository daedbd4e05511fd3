import { expect, test } from 'vitest';

import { startPeer } from '../peer.ts';
import { BOOKS, BOOKS_ANSWER, composeBookshop, startBookshop } from './bookshop.ts';
import { ask, makeFolder, startGatewayProcess } from './gateway-process.ts';
import { startConfigured } from './open-gateway.ts';

test.each(['SIGTERM', 'SIGINT'] as const)(
  'without a config file the gateway is open, says so, and ends with code 0 on %s',
  async (signal) => {
    await using shop = await startBookshop();
    await using folder = await makeFolder();
    const supergraph = await folder.write('supergraph.graphql', shop.supergraph());
    await using gateway = startGatewayProcess(['--supergraph', supergraph, '--port', '0']);
    const url = await gateway.ready();

    expect(gateway.output.out.split('\n').filter((line) => line.includes('the gateway is open'))).toHaveLength(1);
    expect(await ask(url, BOOKS, { authorization: 'Bearer nonsense' })).toEqual({ status: 200, body: BOOKS_ANSWER });
    // Nothing of the client's headers goes along unless the config file says so.
    for (const { received } of Object.values(shop.peers)) expect(received[0]?.headers.authorization).toBeUndefined();
    expect(await ask(url, '{ __schema { queryType { name } } }')).toEqual({
      status: 200,
      body: { data: { __schema: { queryType: { name: 'Query' } } } },
    });
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'alive' });
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });
    const preflight = await fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://studio.apollographql.com', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://studio.apollographql.com');

    gateway.kill(signal);
    expect(await gateway.exited).toEqual([0, null]);
  },
);

test("Apollo's own executor gives the same answer", async () => {
  await using shop = await startBookshop();
  await using folder = await makeFolder();
  const supergraph = await folder.write('supergraph.graphql', shop.supergraph());
  await using gateway = startGatewayProcess(['--supergraph', supergraph, '--port=0', '--executor', 'stock']);
  expect(await ask(await gateway.ready(), BOOKS)).toEqual({ status: 200, body: BOOKS_ANSWER });
});

test('flags win over the config file, which gets its secrets from the environment', async () => {
  await using shop = await startBookshop();
  await using folder = await makeFolder();
  const supergraph = await folder.write(
    'supergraph.graphql',
    composeBookshop((name) => `http://${name}.invalid/`),
  );
  const config = await folder.write(
    'gateway.yaml',
    `
port: 1 # nobody may listen there
headers: { X-Api-Key: 'key \${API_KEY}' }
forwardHeaders: [Authorization]
subgraphs:
  books: { url: '${shop.peers.books.url}/graphql', forwardHeaders: [x-tenant] }
  authors: { url: '${shop.peers.authors.url}/graphql', headers: { x-only: authors } }
  reviews: { url: 'http://reviews.invalid/' }
`,
  );
  await using gateway = startGatewayProcess(['--supergraph', supergraph, '--port', '0', '--config', config], {
    API_KEY: 'k-1',
  });
  const url = await gateway.ready();
  const headers = { authorization: 'Bearer abc', 'x-tenant': 't1', 'x-other': 'no', 'x-api-key': 'mine' };
  expect(await ask(url, BOOKS, headers)).toEqual({ status: 200, body: BOOKS_ANSWER });

  const chosen = ['authorization', 'x-tenant', 'x-other', 'x-api-key', 'x-only'];
  const seen = (name: 'books' | 'authors') => chosen.map((each) => shop.peers[name].received[0]?.headers[each]);
  expect(seen('books')).toEqual(['Bearer abc', 't1', undefined, 'key k-1', undefined]);
  expect(seen('authors')).toEqual(['Bearer abc', undefined, undefined, 'key k-1', 'authors']);
  expect(gateway.output.out).toContain('"subgraphs":["reviews"]');
});

test('everything that is wrong with flags, config file and supergraph is told at once', async () => {
  await using folder = await makeFolder();
  const config = await folder.write('gateway.yaml', 'prot: 1\nlimits: { depth: 0 }\nheaders: { host: me }\n');
  const args = ['--supergraph', folder.path('missing.graphql'), '--config', config, '--port', 'x', '--verbose', 'now'];
  await using gateway = startGatewayProcess(args);
  expect(await gateway.exited).toEqual([1, null]);
  expect(gateway.output.err).toBe(
    [
      'The settings are not usable:',
      '  - There is no flag --verbose.',
      '  - "now" belongs to no flag.',
      '  - --port must be a whole number from 0 to 65535.',
      `  - ${config}: There is no setting prot.`,
      `  - ${config}: headers.host is a header that the gateway sets itself.`,
      `  - ${config}: limits.depth must be a whole number from 1 to 1000, not 0.`,
      `  - --supergraph: there is no file ${folder.path('missing.graphql')}.`,
      '',
    ].join('\n'),
  );
});

test('a supergraph that cannot be served ends the start with one message, and without a trace of code', async () => {
  await using folder = await makeFolder();
  const supergraph = await folder.write('schema.graphql', 'type Query { a: Int }');
  await using gateway = startGatewayProcess(['--supergraph', supergraph]);
  expect(await gateway.exited).toEqual([1, null]);
  expect(gateway.output.err).toMatch(/^The supergraph cannot be used: .*\n$/);
});

test('so does one that is no graph, leads nowhere or cannot be fetched, and a port that is taken', async () => {
  await using folder = await makeFolder();
  await using other = await startPeer((_request, response) => response.writeHead(404).end());
  const good = await folder.write(
    'good.graphql',
    composeBookshop(() => 'http://127.0.0.1:1/'),
  );
  const { port } = new URL(other.url);
  const failure = (supergraph: string, settings = {}) =>
    startConfigured(supergraph, settings).then(
      () => 'it started',
      (error: Error) => error.message,
    );

  expect(await failure(await folder.write('text', 'no graphql'))).toBe('The supergraph is not a GraphQL document.');
  expect(
    (
      await failure(
        await folder.write(
          'nowhere',
          composeBookshop(() => ''),
        ),
      )
    )
      .split('\n')
      .sort(),
  ).toEqual([
    'The subgraph authors has no URL that starts with http:// or https://.',
    'The subgraph books has no URL that starts with http:// or https://.',
  ]);
  expect(await failure(`${other.url}/s?key=1`)).toBe(
    `The supergraph ${other.url}/s was answered with HTTP status 404.`,
  );
  expect(await failure(good, { port: Number(port) })).toBe(`Port ${port} of 127.0.0.1 is in use by another process.`);
  const gone = await startPeer(() => undefined);
  await gone[Symbol.asyncDispose]();
  expect(await failure(`${gone.url}/s`)).toBe(`The supergraph ${gone.url}/s cannot be fetched: ECONNREFUSED.`);
});
