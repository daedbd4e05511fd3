import { once } from 'node:events';

import { expect, test } from 'vitest';

import { collectLogs } from '../../kit/collect-logs.ts';
import { BOOKS, startBookshop } from './stand-alone/bookshop.ts';
import { startOpen } from './stand-alone/open-gateway.ts';

test('when the client leaves before it has its answer, the subgraph sees its request closed, nothing more is asked, and the log says so', async () => {
  await using shop = await startBookshop();
  const logs = collectLogs();
  await using gateway = await startOpen(shop.supergraph(), { timeoutMs: 120_000, logs });
  const arrived = Promise.withResolvers<{ closed: Promise<unknown> }>();
  shop.peers.books.fault = (_request, response) => arrived.resolve({ closed: once(response, 'close') });

  const client = new AbortController();
  const asked = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: BOOKS }),
    signal: client.signal,
  });
  const { closed } = await arrived.promise;
  client.abort();
  await expect(asked).rejects.toThrow('aborted');
  await closed;
  expect(shop.peers.authors.received).toEqual([]);
  const requests = () => logs.lines.filter(({ msg }) => msg === 'request');
  await expect.poll(requests).toEqual([expect.objectContaining({ operation: null, type: 'query', status: 499 })]);
});
