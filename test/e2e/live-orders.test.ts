import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DEVELOPMENT_ISSUER } from '@tributary/app/seed/index';
import { toGlobalId } from '@tributary/kit/ids';

import { startTestGraph } from '../kit/graph.ts';
import type { TestGraph, TestGraphOptions } from '../kit/graph.ts';
import { personaSubject } from '../kit/personas.ts';
import { startTestPostgres } from '../kit/postgres.ts';
import type { TestDatabase } from '../kit/postgres.ts';

// A live order page: followed at the gateway, fed by orders, completed by billing for each event.

const WATCH = `subscription WatchOrder($id: ID!) {
  orderUpdated(orderId: $id) {
    eventId type occurredAt
    order { id status fulfillmentStatus version paymentStatus invoice { id status amountDue { amountMinor } } shipments { id status trackingNumber } }
  }
}`;

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
});
afterAll(() => database[Symbol.asyncDispose]());

const customer = personaSubject('customer');

async function watch(graph: TestGraph, id: string, as = customer) {
  const leaving = new AbortController();
  const answer = await fetch(`${graph.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${await graph.token(as)}`,
    },
    body: JSON.stringify({ query: WATCH, variables: { id } }),
    signal: leaving.signal,
  });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    async next(): Promise<unknown> {
      for (;;) {
        const [found, data] = /event: next\ndata: (.*)\n\n/.exec(text) ?? [];
        if (found) {
          text = text.slice(text.indexOf(found) + found.length);
          return JSON.parse(data!) as unknown;
        }
        const { done, value } = await reader.read();
        if (done) throw new Error(`The stream has ended: ${text}`);
        text += value;
      }
    },
    leave: () => leaving.abort(),
  };
}

async function draftOrder(graph: TestGraph): Promise<{ id: string; version: number }> {
  const [variant] = await database.query<{ id: string }>(
    `SELECT v.id FROM orders.product_variants v JOIN orders.products p ON p.id = v.product_id AND p.active ORDER BY v.id LIMIT 1`,
  );
  const { data } = await graph.ask({
    query: `mutation ($input: OrderDraftSaveInput!) { orderDraftSave(input: $input) { order { id version } } }`,
    variables: { input: { lines: [{ variantId: toGlobalId('ProductVariant', variant!.id), quantity: 1 }] } },
    as: customer,
  });
  return (data as { orderDraftSave: { order: { id: string; version: number } } }).orderDraftSave.order;
}

describe.each<NonNullable<TestGraphOptions['transport']>>(['in-process', 'http'])('with subgraphs %s', (transport) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startTestGraph({ database, transport, issuer: DEVELOPMENT_ISSUER });
  });
  afterAll(() => graph[Symbol.asyncDispose]());

  test('each change of the order arrives with what billing knows, for three statements', async () => {
    const order = await draftOrder(graph);
    const watcher = await watch(graph, order.id);
    let { version } = order;
    graph.takeTraffic();
    for (const customerNote of ['Ring twice', 'Ring once']) {
      const { errors } = await graph.ask({
        query: `mutation ($input: OrderUpdateInput!) { orderUpdate(input: $input) { order { version } userErrors { code } } }`,
        variables: { input: { id: order.id, expectedVersion: version, customerNote } },
        as: customer,
      });
      expect(errors).toBeUndefined();
      version += 1;
      expect(await watcher.next()).toMatchObject({
        data: {
          orderUpdated: {
            type: 'UPDATED',
            order: {
              id: order.id,
              status: 'DRAFT',
              version,
              paymentStatus: 'NOT_INVOICED',
              invoice: null,
              shipments: [],
            },
          },
        },
      });
      const { statements } = graph.takeTraffic();
      const ofEvent = statements
        .slice(statements.findLastIndex(({ text }) => text === 'COMMIT') + 1)
        .filter(({ text }) => !text.includes('pg_current_snapshot')); // the feed looks once for everybody
      expect(ofEvent.map(({ subgraph }) => subgraph).sort()).toEqual(['billing', 'orders', 'orders']);
    }
    watcher.leave();
  });

  test('a stranger is told NOT_FOUND, and hears nothing', async () => {
    const order = await draftOrder(graph);
    const stranger = await watch(graph, order.id, personaSubject('partner'));
    expect(await stranger.next()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    stranger.leave();
  });
});
