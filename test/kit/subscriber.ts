import type { ExecutionResult } from 'graphql';

import type { Principal, Subgraph } from '@tributary/kit';

// Somebody who follows something at a subgraph, asked directly.

export interface Subscriber<Event> {
  /** The next event. Rejects when there is an error in it, or when the stream ends. */
  next(): Promise<Event>;
  /** The code with which the stream ends; "completed" where it just ends, "event" where it goes on. */
  ended(): Promise<string>;
  leave(): Promise<void>;
}

const callOf = (principal: Principal | null) => ({ principal, requestId: 'test', deadline: Date.now() + 10_000 });

/** What the start of a subscription answers: `started`, or the codes of the refusal. */
export async function tryToSubscribe(
  subgraph: Subgraph,
  principal: Principal | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<string> {
  const started = await subgraph.subscribe!({ query, variables }, callOf(principal));
  if (!(Symbol.asyncIterator in started)) return codesOf(started);
  await started[Symbol.asyncIterator]().return?.();
  return 'started';
}

/** Follows the only field of the subscription; throws when it is refused. */
export async function subscribe<Event>(
  subgraph: Subgraph,
  principal: Principal | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Subscriber<Event>> {
  const started = await subgraph.subscribe!({ query, variables }, callOf(principal));
  if (!(Symbol.asyncIterator in started)) throw new Error(`Refused: ${codesOf(started)}`);
  const results = started[Symbol.asyncIterator]();
  return {
    async next() {
      const next: IteratorResult<ExecutionResult, unknown> = await results.next();
      if (next.done) throw new Error('The stream has ended.');
      const { data, errors } = next.value;
      if (errors) throw new Error(codesOf({ errors }));
      return JSON.parse(JSON.stringify(Object.values(data!)[0])) as Event;
    },
    ended: () =>
      results.next().then(
        ({ done }) => (done ? 'completed' : 'event'),
        (error: unknown) => (error as { code: string }).code,
      ),
    async leave() {
      await results.return?.();
    },
  };
}

const codesOf = ({ errors = [] }: ExecutionResult) => errors.map(({ extensions }) => String(extensions.code)).join();
