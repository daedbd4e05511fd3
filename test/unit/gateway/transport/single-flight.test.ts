import { expect, test } from 'vitest';

import { shareQueries } from '@tributary/gateway/transport/single-flight';
import type { SubgraphAnswer, SubgraphFetch } from '@tributary/gateway';
import type { SubgraphCall } from '@tributary/kit/subgraph';

const fetchOf = (query: string): SubgraphFetch => ({ query, body: JSON.stringify({ query }) });
const callOf = (who: string, changes: Partial<SubgraphCall> = {}): SubgraphCall => ({
  principal: null,
  requestId: who,
  headers: { who },
  deadline: 100_000,
  ...changes,
});

/** A transport whose fetches are answered by hand. */
function startTransport() {
  const asked: { query: string; call: SubgraphCall; answer: (value: string) => void }[] = [];
  const transport = shareQueries(
    {
      name: 'books',
      execute({ query }, call) {
        const { promise, resolve } = Promise.withResolvers<SubgraphAnswer>();
        asked.push({ query, call, answer: (value) => resolve({ data: { value }, errors: [] }) });
        return promise;
      },
      subscribe: async () => ({ data: null, errors: [] }),
      isReady: async () => true,
      stop: async () => undefined,
    },
    { identityOf: ({ headers }) => headers?.who ?? '' },
  );
  return { asked, transport };
}

test('one caller who asks twice at a time is answered by one fetch', async () => {
  const { asked, transport } = startTransport();
  const answers = [1, 2].map(() => transport.execute(fetchOf('{ a }'), callOf('ann'), 'query'));
  expect(asked).toHaveLength(1);
  asked[0]?.answer('one');
  expect((await Promise.all(answers)).map(({ data }) => data)).toEqual([{ value: 'one' }, { value: 'one' }]);
});

test('another question, another caller and a later moment are fetches of their own', async () => {
  const { asked, transport } = startTransport();
  const first = transport.execute(fetchOf('{ a }'), callOf('ann'), 'query');
  void transport.execute(fetchOf('{ b }'), callOf('ann'), 'query');
  void transport.execute(fetchOf('{ a }'), callOf('bob'), 'query');
  expect(asked).toHaveLength(3);
  asked[0]?.answer('one');
  await first;
  void transport.execute(fetchOf('{ a }'), callOf('ann'), 'query');
  expect(asked).toHaveLength(4);
});

test('mutations are never shared', () => {
  const { asked, transport } = startTransport();
  for (const _ of [1, 2]) void transport.execute(fetchOf('mutation { a }'), callOf('ann'), 'mutation');
  expect(asked).toHaveLength(2);
});

test('who has changed something does not get an answer from before', async () => {
  const { asked, transport } = startTransport();
  void transport.execute(fetchOf('{ a }'), callOf('ann'), 'query');
  const change = transport.execute(fetchOf('mutation { a }'), callOf('ann'), 'mutation');
  asked[1]?.answer('done');
  await change;
  void transport.execute(fetchOf('{ a }'), callOf('ann'), 'query');
  expect(asked).toHaveLength(3);
});

test('a fetch that would give up long before the request does is not joined', () => {
  const { asked, transport } = startTransport();
  void transport.execute(fetchOf('{ a }'), callOf('ann', { deadline: 100_000 }), 'query');
  void transport.execute(fetchOf('{ a }'), callOf('ann', { deadline: 101_001 }), 'query');
  expect(asked).toHaveLength(2);
});

test('a shared fetch is canceled when the last of those who wait is gone, and then joined no more', () => {
  const { asked, transport } = startTransport();
  const clients = [new AbortController(), new AbortController()];
  for (const { signal } of clients) void transport.execute(fetchOf('{ a }'), callOf('ann', { signal }), 'query');
  clients[0]?.abort();
  expect(asked[0]?.call.signal?.aborted).toBe(false);
  clients[1]?.abort();
  expect(asked[0]?.call.signal?.aborted).toBe(true);
  void transport.execute(fetchOf('{ a }'), callOf('ann'), 'query');
  expect(asked).toHaveLength(2);
});
