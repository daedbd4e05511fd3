import { GraphQLError } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';

import { createInProcessTransport } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';
import type { Subgraph, SubgraphCall } from '@tributary/kit/subgraph';

function transportTo(subgraph: Partial<Subgraph>) {
  return createInProcessTransport({ name: 'books', ...subgraph } as Subgraph, { clock: systemClock });
}
const call = (ms: number): SubgraphCall => ({ principal: null, requestId: 'r', deadline: Date.now() + ms });
const never = () => new Promise<ExecutionResult>(() => undefined);

test('errors of graphql-js become plain ones', async () => {
  const error = new GraphQLError('No.', { path: ['a'], extensions: { code: 'FORBIDDEN' } });
  const transport = transportTo({ execute: async () => ({ data: { a: null }, errors: [error] }) });
  expect(await transport.execute({ query: '{ a }' }, call(1_000), 'query')).toEqual({
    data: { a: null },
    errors: [{ message: 'No.', path: ['a'], code: 'FORBIDDEN' }],
  });
});

test('a subgraph that does not answer is left alone at the deadline', async () => {
  const answer = await transportTo({ execute: never }).execute({ query: '{ a }' }, call(50), 'query');
  expect(answer.errors.map(({ code }) => code)).toEqual(['SUBGRAPH_TIMEOUT']);
});

test('after the deadline a subgraph is not even asked', async () => {
  let asked = false;
  const execute = () => {
    asked = true;
    return never();
  };
  await transportTo({ execute }).execute({ query: '{ a }' }, call(0), 'query');
  expect(asked).toBe(false);
});

test('a readiness check that fails means not ready', async () => {
  expect(await transportTo({ isReady: () => Promise.reject(new Error('down')) }).isReady()).toBe(false);
});
