import { describe, expect, test, vi } from 'vitest';

import { createStockExecutor } from '@tributary/gateway';
import type { DecideOverrides } from '@tributary/gateway';

import { startFederation, TRANSPORTS } from '../../kit/federation.ts';
import type { Federation } from '../../kit/federation.ts';
import { fresh } from './fresh.subgraph.ts';
import { old } from './old.subgraph.ts';

const subgraphs = { old, fresh };

async function priceOf(graph: Federation, requestId: string): Promise<string> {
  const { data } = await graph.ask('{ product { price } }', { requestId });
  return (data as { product: { price: string } }).product.price;
}

describe.each(TRANSPORTS)('over the %s transport', (transport) => {
  test('a field is moved for the share of requests that its label names, and always alike for one request', async () => {
    await using graph = await startFederation(subgraphs, { transport });
    const requestIds = Array.from({ length: 200 }, (_, index) => `request-${index}`);
    const prices = new Map<string, string>();
    for (const requestId of requestIds) prices.set(requestId, await priceOf(graph, requestId));
    const moved = [...prices.values()].filter((price) => price === 'new price').length;
    expect(moved).toBeGreaterThan(25);
    expect(moved).toBeLessThan(80);
    for (const requestId of requestIds.slice(0, 20))
      expect(await priceOf(graph, requestId)).toBe(prices.get(requestId));
  });

  test('a label of another kind holds when it is said to', async () => {
    let isNew = false;
    const overrides = () => ({ 'new-stock': isNew });
    await using graph = await startFederation(subgraphs, { transport, deps: { overrides } });
    const query = '{ product { stock weight } }';
    for (isNew of [false, true, false]) {
      const stock = isNew ? 'new stock' : 'old stock';
      expect(await graph.ask(query)).toEqual({ data: { product: { stock, weight: 'new weight' } } });
    }
  });
});

test('only labels that matter to the operation are asked about', async () => {
  const overrides = vi.fn<DecideOverrides>(() => ({}));
  await using graph = await startFederation(subgraphs, { deps: { overrides } });
  await graph.ask('{ other }');
  await graph.ask('{ parcel { size } }');
  await graph.ask('{ product { ...Mail } } fragment Mail on Product { weight }');
  expect(overrides.mock.calls.map(([labels]) => labels)).toEqual([['new-size'], ['new-stock']]);
});

test('without a decision, or when it fails, a field stays where it was', async () => {
  await using undecided = await startFederation(subgraphs);
  expect(await undecided.ask('{ product { stock } }')).toEqual({ data: { product: { stock: 'old stock' } } });
  const overrides = () => Promise.reject(new Error('the flag service is down'));
  await using failing = await startFederation(subgraphs, { deps: { overrides } });
  expect(await failing.ask('{ product { stock } }')).toEqual({ data: { product: { stock: 'old stock' } } });
  expect(failing.logs).toContainEqual(expect.objectContaining({ level: 50, labels: ['new-stock'] }));
});

test('the executor of Apollo runs the same plans', async () => {
  const deps = { overrides: () => ({ 'new-stock': true }), createExecutor: createStockExecutor };
  await using graph = await startFederation(subgraphs, { deps });
  expect(await graph.ask('{ product { stock } }')).toEqual({ data: { product: { stock: 'new stock' } } });
});
