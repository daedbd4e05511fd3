import { parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';

import type { PlanRequest, PlanResult, PreparedOperation } from '@tributary/gateway/execution/plan-executor';
import { createSharedRuns } from '@tributary/gateway/shared-runs';
import { Cancellation } from '@tributary/kit/cancellation';

interface Run extends PlanRequest {
  end: (value: string) => void;
}

const requestOf = (who: string, variables = {}, signal?: Cancellation): PlanRequest => ({
  variables,
  call: { principal: null, requestId: who, headers: { who }, deadline: 100_000, signal },
});

/** Operations whose runs are ended by hand. */
function startOperations() {
  const share = createSharedRuns(({ headers }) => headers?.who ?? '');
  const runs: Run[] = [];
  const prepare = (text: string): PreparedOperation =>
    share(parse(text).definitions[0] as OperationDefinitionNode, {
      execute(request) {
        const { promise, resolve } = Promise.withResolvers<PlanResult>();
        runs.push({ ...request, end: (value) => resolve({ data: { value } }) });
        return promise;
      },
      subscribe: async () => ({ data: null }),
    });
  return { runs, prepare };
}

test('one caller who asks the same twice at a time is answered by one run', async () => {
  const { runs, prepare } = startOperations();
  const query = prepare('{ a }');
  const answers = [1, 2].map(() => query.execute(requestOf('ann')));
  expect(runs).toHaveLength(1);
  runs[0]!.end('one');
  expect(await Promise.all(answers)).toEqual([{ data: { value: 'one' } }, { data: { value: 'one' } }]);
  void query.execute(requestOf('ann'));
  expect(runs).toHaveLength(2);
});

test('another caller, other variables and another operation have runs of their own', () => {
  const { runs, prepare } = startOperations();
  const query = prepare('query ($x: Int) { a(x: $x) }');
  void query.execute(requestOf('ann', { x: 1 }));
  void query.execute(requestOf('bob', { x: 1 }));
  void query.execute(requestOf('ann', { x: 2 }));
  void prepare('{ b }').execute(requestOf('ann', { x: 1 }));
  expect(runs).toHaveLength(4);
});

test('mutations are never shared, and who has changed something joins no run from before', async () => {
  const { runs, prepare } = startOperations();
  const [query, mutation] = [prepare('{ a }'), prepare('mutation { a }')];
  void query.execute(requestOf('ann'));
  const changes = [1, 2].map(() => mutation.execute(requestOf('ann')));
  expect(runs).toHaveLength(3);
  runs[1]!.end('done');
  await changes[0];
  void query.execute(requestOf('ann'));
  expect(runs).toHaveLength(4);
});

test('a shared run is canceled when the last of those who wait is gone', () => {
  const { runs, prepare } = startOperations();
  const query = prepare('{ a }');
  const [one, other] = [new Cancellation(), new Cancellation()];
  for (const signal of [one, other]) void query.execute(requestOf('ann', {}, signal));
  one.abort();
  expect(runs[0]!.call.signal?.aborted).toBe(false);
  other.abort();
  expect(runs[0]!.call.signal?.aborted).toBe(true);
  void query.execute(requestOf('ann'));
  expect(runs).toHaveLength(2);
});
