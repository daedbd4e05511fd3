import { afterAll, beforeAll, expect, test } from 'vitest';

import { DEVELOPMENT_ISSUER } from '@tributary/app/seed/index';

import { startTestGraph } from '../kit/graph.ts';
import type { TestGraph } from '../kit/graph.ts';
import { personaSubject } from '../kit/personas.ts';
import { startTestPostgres } from '../kit/postgres.ts';
import type { TestDatabase } from '../kit/postgres.ts';

// A part of the graph is away: its fields are null and say so, and everything else is answered.

let database: TestDatabase;
let graph: TestGraph;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  graph = await startTestGraph({ database, transport: 'http', issuer: DEVELOPMENT_ISSUER });
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const PAGE = `{
  me {
    displayName
    balance { available { decimal } }
    orders(first: 2) { nodes { number total { decimal } paymentStatus invoice { number } } }
  }
}`;

test('with billing down the account page keeps everything but what billing knows', async () => {
  const whole = await graph.ask({ query: PAGE, as: personaSubject('customer') });
  await graph.stopServer('billing');
  const { status, data, errors } = await graph.ask({ query: PAGE, as: personaSubject('customer') });

  const me = whole.data?.me as { displayName: string; orders: { nodes: Record<string, unknown>[] } };
  const nodes = me.orders.nodes.map((order) => ({ ...order, paymentStatus: null, invoice: null }));
  expect({ status, data }).toEqual({
    status: 200,
    data: { me: { displayName: me.displayName, balance: null, orders: { nodes } } },
  });
  const places = errors?.map(({ path, extensions }) => [path?.join('.'), extensions?.code]);
  expect(places?.sort()).toEqual(
    [
      'balance',
      'orders.nodes.0.invoice',
      'orders.nodes.0.paymentStatus',
      'orders.nodes.1.invoice',
      'orders.nodes.1.paymentStatus',
    ].map((field) => [`me.${field}`, 'SUBGRAPH_UNAVAILABLE']),
  );
  expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|ECONN|node:/);
});

test('the gateway is not ready while a part is away', async () => {
  expect((await fetch(`${graph.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${graph.url}/livez`)).status).toBe(200);
});
