import { Kind, parse } from 'graphql';
import { expect, test } from 'vitest';

import { loadSupergraph } from '@tributary/gateway';
import { createEngine } from '@tributary/gateway/execution/engine';
import { factsOf, wholeVariantOf } from '@tributary/gateway/planning/operation-variants';
import { planOperation } from '@tributary/gateway/planning/plan-operation';
import { createHttpTransport } from '@tributary/gateway/transport/http';
import { Cancellation } from '@tributary/kit/cancellation';
import { systemClock } from '@tributary/kit/clock';

import { collectLogs } from '../../kit/collect-logs.ts';
import { BOOKS, startBookshop } from './stand-alone/bookshop.ts';

test('what a client that is gone would have been answered is not worked out', async () => {
  await using shop = await startBookshop();
  const supergraph = loadSupergraph(shop.supergraph());
  const document = parse(BOOKS);
  const [operation] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const facts = factsOf(supergraph, { document, operation: operation! });
  const { logger } = collectLogs();
  const transports = supergraph.subgraphs.map((each) =>
    createHttpTransport({ ...each, headers: () => ({}), clock: systemClock, logger }),
  );
  const byName = new Map(transports.map((each) => [each.name, each]));
  const engine = createEngine({ supergraph, transports: byName, onFetch: undefined });
  const prepared = engine.prepare(planOperation(supergraph, { facts, variant: wholeVariantOf(facts) }));

  const signal = new Cancellation();
  shop.peers.books.fault = () => signal.abort();
  const call = { principal: null, requestId: 'r', deadline: Date.now() + 20_000, signal };
  const { data, errors } = await prepared.execute({ variables: {}, call });
  expect(data).toBeNull();
  // The books that are missing are no error of their own.
  expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[undefined, 'SUBGRAPH_UNAVAILABLE']]);
  await Promise.all(transports.map((each) => each.stop()));
});
