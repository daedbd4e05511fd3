import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { expect, test } from 'vitest';

import { createGateway, createStockExecutor } from '@tributary/gateway';
import type { GatewayOptions } from '@tributary/gateway';

import { collectLogs } from '../../kit/collect-logs.ts';
import { BOOKS, BOOKS_ANSWER, startBookshop } from './stand-alone/bookshop.ts';
import { ask } from './stand-alone/gateway-process.ts';
import { offering } from './stand-alone/open-gateway.ts';

// What somebody does who has an Apollo Server with an ApolloGateway: everything of theirs stays, two lines change.

async function startForeign(options: GatewayOptions, morePlugins: readonly ApolloServerPlugin[] = []) {
  const { gateway, plugin } = createGateway({ logger: collectLogs().logger, ...options });
  const server = new ApolloServer({
    gateway,
    plugins: [plugin, ...morePlugins],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return { url: url.replace(/\/$/, ''), server, [Symbol.asyncDispose]: () => server.stop() };
}

test.each([
  ['our own', {}],
  ["Apollo's", { createExecutor: createStockExecutor }],
])('the gateway alone serves within another Apollo Server, with %s executor', async (_, options) => {
  await using shop = await startBookshop();
  await using server = await startForeign({
    supergraphSdl: shop.supergraph(),
    forwardHeaders: ['Authorization'],
    ...options,
  });
  const headers = { authorization: 'Bearer abc', 'x-request-id': 'r-1', 'x-other': 'no' };
  expect(await ask(server.url, BOOKS, headers)).toEqual({ status: 200, body: BOOKS_ANSWER });
  for (const { received } of Object.values(shop.peers)) {
    expect(received[0]?.headers).toMatchObject({ authorization: 'Bearer abc', 'x-request-id': 'r-1' });
    expect(received[0]?.headers['x-other']).toBeUndefined();
  }
});

test('its errors have codes there, too, and its limits hold', async () => {
  await using shop = await startBookshop();
  await using server = await startForeign({
    supergraphSdl: shop.supergraph(),
    depthLimit: 2,
    costLimitOf: () => 50,
    deadlineMs: 300,
  });
  const codeOf = async (query: string) => {
    const { body } = await ask(server.url, query);
    return (body.errors as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);
  };
  expect(await codeOf(BOOKS)).toEqual(['DEPTH_LIMIT_EXCEEDED']);
  expect(
    await codeOf(
      '{ a: books { title } b: books { title } c: books { title } d: books { title } e: books { title } f: books { title } }',
    ),
  ).toEqual(['COST_LIMIT']);
  expect(await codeOf('query ($id: ID!) { author(id: $id) { name } }')).toEqual(['BAD_USER_INPUT']);
  shop.peers.books.fault = () => undefined;
  expect(await codeOf('{ books { title } }')).toEqual(['SUBGRAPH_TIMEOUT']);
});

test('a supergraph that changes is what the other server validates against', async () => {
  await using shop = await startBookshop();
  const { source, offer } = offering(shop.supergraph(1));
  await using server = await startForeign({ supergraphSdl: source });
  expect(await ask(server.url, '{ edition1 }')).toEqual({ status: 200, body: { data: { edition1: null } } });
  offer(shop.supergraph(2));
  await expect.poll(async () => (await ask(server.url, '{ edition2 }')).body).toEqual({ data: { edition2: null } });
  expect((await ask(server.url, '{ edition1 }')).status).toBe(400);
});

test('an operation that was validated before another supergraph took over is planned and run by the one before', async () => {
  await using shop = await startBookshop();
  const { source, offer } = offering(shop.supergraph(1));
  const validated = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const pause: ApolloServerPlugin = {
    requestDidStart: async () => ({
      async didResolveOperation({ operation }) {
        if (operation?.name?.value !== 'Early') return;
        validated.resolve();
        await goOn.promise;
      },
    }),
  };
  await using server = await startForeign({ supergraphSdl: source }, [pause]);
  const early = ask(server.url, 'query Early { edition1 }');
  await validated.promise;
  offer(shop.supergraph(2));
  await expect.poll(async () => (await ask(server.url, '{ edition2 }')).status).toBe(200);
  goOn.resolve();
  expect(await early).toEqual({ status: 200, body: { data: { edition1: null } } });
});

test('a supergraph that cannot be served stops the start of the other server', async () => {
  await expect(startForeign({ supergraphSdl: 'type Query { a: Int }' })).rejects.toThrow(
    'The supergraph cannot be used',
  );
});
