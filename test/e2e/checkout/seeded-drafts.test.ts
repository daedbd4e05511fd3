import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { DEVELOPMENT_ISSUER } from '@tributary/app/seed/index';

import { startTestGraph } from '../../kit/graph.ts';
import type { TestGraph } from '../../kit/graph.ts';
import { personaSubject } from '../../kit/personas.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';

// The demo company as somebody meets it who tries the shop: its drafts can be placed as they are.

let database: TestDatabase;
let graph: TestGraph;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  graph = await startTestGraph({ database, issuer: DEVELOPMENT_ISSUER });
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test('a seeded draft costs what it says, and fails at most for goods that are gone or sold out', async () => {
  const support = personaSubject('support');
  const { data } = await graph.ask({
    query: `{ orders(filter: { statusIn: [DRAFT] }, first: 40) { nodes { id version total { amountMinor currency } } } }`,
    as: support,
  });
  const drafts = (data as { orders: { nodes: { id: string; version: number; total: object }[] } }).orders.nodes;
  expect(drafts.length).toBeGreaterThan(5);
  const codes: string[] = [];
  for (const { id, version, total } of drafts) {
    const input = { id, expectedVersion: version, expectedTotal: total, idempotencyKey: randomUUID() };
    const { data: placed, errors } = await graph.ask({
      query: `mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) { order { status } userErrors { code message } } }`,
      variables: { input },
      as: support,
    });
    expect(errors).toBeUndefined();
    const { order, userErrors } = (placed as { orderPlace: { order: { status: string } | null; userErrors: { code: string; message: string }[] } }).orderPlace; // prettier-ignore
    codes.push(...(order ? [order.status] : userErrors.map(({ code, message }) => `${code} ${code === 'TOTAL_CHANGED' ? message : ''}`.trim()))); // prettier-ignore
  }
  expect([...new Set(codes)].sort()).toEqual(expect.arrayContaining(['PENDING']));
  expect(codes.filter((code) => !['PENDING', 'OUT_OF_STOCK', 'NOT_FOUND'].includes(code))).toEqual([]);
});

test('the next order has the next number', async () => {
  const [row] = await database.query<{ numbers: number; placed: number }>(
    `SELECT count(DISTINCT number)::int AS numbers, count(*)::int AS placed FROM orders.orders WHERE number IS NOT NULL`,
  );
  expect(row!.numbers).toBe(row!.placed);
});
