import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { expect, test } from 'vitest';

import { createGateway, createInProcessTransport } from '@tributary/gateway';
import type { ForeignStreams, GatewayOptions } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import { connect, MULTIPART, post, SSE } from './clients.ts';
import { composeNews, createHub, createNewsSubgraph, newsSubgraphs } from './news.ts';

// What somebody does who has an Apollo Server on Fastify: the plugin and the routes of the gateway add subscriptions.

async function startForeign(options: Partial<GatewayOptions> = {}, streams: Partial<ForeignStreams> = {}) {
  const hub = createHub();
  const transports = newsSubgraphs.map((name) =>
    createInProcessTransport(createNewsSubgraph(name, hub), { clock: systemClock }),
  );
  const logger = createLogger({ level: 'silent', name: 'test' });
  const { gateway, plugin, routes } = createGateway({ supergraphSdl: composeNews(), transports, logger, ...options });
  const apollo = new ApolloServer({ gateway, plugins: [plugin], stopOnTerminationSignals: false });
  await apollo.start();
  const app = Fastify();
  routes(app, { streams: { apollo, ...streams } });
  app.route({ method: ['GET', 'POST'], url: '/graphql', handler: fastifyApolloHandler(apollo) });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    hub,
    url,
    endpoint: `${url}/graphql`,
    async [Symbol.asyncDispose]() {
      await app.close();
      await apollo.stop();
    },
  };
}

const operation = { query: 'subscription { bookChanged(id: 1) { title score: rating } }' };
const told = { data: { bookChanged: { title: 'Emma', score: 10 } } };

test('subscriptions are served by all three protocols, and end when the server closes', async () => {
  await using server = await startForeign();
  const sse = await post(server.endpoint, operation, { accept: SSE });
  const multipart = await post(server.endpoint, operation, { accept: MULTIPART });
  await using client = await connect(server.endpoint);
  client.send({ id: 'a', type: 'subscribe', payload: { query: operation.query.replace('score', 'points') } });
  await server.hub.reached(2);
  server.hub.publish({ id: '1', title: 'Emma' });
  expect(await sse.next()).toEqual({ event: 'next', data: told });
  expect(await multipart.next()).toEqual({ payload: told });
  expect(await client.next()).toMatchObject({ payload: { data: { bookChanged: { points: 10 } } } });
  await server[Symbol.asyncDispose]();
  expect(JSON.stringify(await sse.rest())).toContain('GOING_AWAY');
  expect((await client.closed).code).toBe(1001);
});

test('what asks for no stream goes the way it went before', async () => {
  await using server = await startForeign();
  const answer = await post(server.endpoint, { query: '{ whoami }' }, { accept: 'application/json' });
  expect(JSON.parse(await answer.text())).toEqual({ data: { whoami: 'nobody' } });
});

test('the context of an operation is of its own making', async () => {
  const tenants: unknown[] = [];
  const callOf: GatewayOptions['callOf'] = ({ context }) => {
    tenants.push((context as { tenant?: unknown }).tenant);
    return { principal: null, requestId: 'r', deadline: Date.now() + 10_000 };
  };
  await using server = await startForeign(
    { callOf, forwardHeaders: ['X-Tenant'] },
    { context: ({ request }) => ({ tenant: request.headers.get('x-tenant') }) },
  );
  const answer = await post(server.endpoint, operation, { accept: SSE, headers: { 'x-tenant': 'one' } });
  await using client = await connect(server.endpoint, { payload: { 'X-Tenant': 'two' } });
  client.send({ id: 'a', type: 'subscribe', payload: { query: '{ whoami }' } });
  await client.next();
  expect(tenants).toEqual(['one', 'two']);
  answer.leave();
});

test('its limits hold for streams', async () => {
  await using server = await startForeign({ depthLimit: 1 });
  const answer = await post(server.endpoint, operation, { accept: SSE });
  expect(await answer.rest()).toMatchObject([
    { event: 'next', data: { errors: [{ extensions: { code: 'DEPTH_LIMIT_EXCEEDED' } }] } },
    { event: 'complete' },
  ]);
});
