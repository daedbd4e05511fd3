import type { OperationKind, SubgraphAnswer, SubgraphFetch, SubgraphTransport } from '@tributary/gateway';
import type { FetchFailure } from '@tributary/gateway/transport/subgraph-transport';
import type { SubgraphCall } from '@tributary/kit/subgraph';

/** A transport that answers as a test says, and knows what it was asked. */
export interface ScriptedTransport extends SubgraphTransport {
  readonly asked: readonly { call: SubgraphCall; operationKind: OperationKind }[];
  /** Asked of every fetch; `number` counts from 1. */
  answer: (number: number, call: SubgraphCall) => SubgraphAnswer | Promise<SubgraphAnswer>;
}

export function createScriptedTransport(answer: ScriptedTransport['answer'] = () => good): ScriptedTransport {
  const asked: { call: SubgraphCall; operationKind: OperationKind }[] = [];
  const transport: ScriptedTransport = {
    name: 'books',
    asked,
    answer,
    async execute(_fetch, call, operationKind) {
      asked.push({ call, operationKind });
      return transport.answer(asked.length, call);
    },
    subscribe: async () => ({ data: null, errors: [] }),
    isReady: async () => true,
    stop: async () => undefined,
  };
  return transport;
}

export const good: SubgraphAnswer = { data: { book: null }, errors: [] };

export const failed = (failure: FetchFailure): SubgraphAnswer => ({
  data: null,
  errors: [{ message: failure, code: 'SUBGRAPH_UNAVAILABLE' }],
  failure,
});

/** An answer that the test gives later. */
export function pending() {
  return Promise.withResolvers<SubgraphAnswer>();
}

export const fetchOf: SubgraphFetch = { query: '{ book { id } }', body: '{"query":"{ book { id } }"}' };

export const callWith = (changes: Partial<SubgraphCall> = {}): SubgraphCall => ({
  principal: null,
  requestId: 'r-1',
  deadline: Date.now() + 10_000,
  ...changes,
});
