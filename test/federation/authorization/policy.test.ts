import { expect, test, vi } from 'vitest';

import type { DecidePolicies } from '@tributary/gateway';

import { startFederation } from '../../kit/federation.ts';
import { blog } from './blog.subgraph.ts';
import { people } from './people.subgraph.ts';

const subgraphs = { blog, people };
const forbidden = (...path: string[]) => ({
  message: 'The caller may not see or do this.',
  path,
  code: 'FORBIDDEN',
});

test('policies are decided once per request, and only those that the operation needs', async () => {
  const policies = vi.fn<DecidePolicies>((names) => Object.fromEntries(names.map((name) => [name, true])));
  await using graph = await startFederation(subgraphs, { deps: { policies } });
  expect(await graph.ask('{ secret again: secret settings { level } }', { requestId: 'request-1' })).toEqual({
    data: { secret: 'the vault is open', again: 'the vault is open', settings: { level: 3 } },
  });
  await graph.ask('{ settings { level } }');
  await graph.ask('{ post(id: "p1") { id } }');
  expect(policies.mock.calls.map(([names]) => [...names].sort())).toEqual([['daytime', 'owner', 'vault'], ['owner']]);
  expect(policies.mock.calls[0]?.[1]).toMatchObject({ principal: null, requestId: 'request-1' });
});

test('one complete list of policies is enough, half a list is not', async () => {
  let held: Record<string, boolean> = {};
  await using graph = await startFederation(subgraphs, { deps: { policies: async () => held } });
  const asSomebody = { scopes: [] };
  for (const [decided, secret] of [
    [{ vault: true, daytime: true }, 'the vault is open'],
    [{ owner: true }, 'the vault is open'],
    [{ vault: true, daytime: false }, null],
    [{ vault: true }, null],
  ] as const) {
    held = decided;
    const { data, errors } = await graph.ask('{ secret }', asSomebody);
    expect({ data, errors }).toEqual({
      data: { secret },
      errors: secret === null ? [forbidden('secret')] : undefined,
    });
  }
});

test('when nobody decides every policy is denied, and the start says so', async () => {
  await using graph = await startFederation(subgraphs);
  expect(await graph.ask('{ secret }', { scopes: ['admin'] })).toEqual({
    data: { secret: null },
    errors: [forbidden('secret')],
  });
  const warnings = graph.logs.filter(({ msg }) => String(msg).includes('policies'));
  expect(warnings).toMatchObject([{ level: 40, policies: ['daytime', 'owner', 'vault'] }]);
});

test('policies that cannot be decided are an outage and not a missing right', async () => {
  const policies = () => Promise.reject(new Error('the policy service is down'));
  await using graph = await startFederation(subgraphs, { deps: { policies } });
  const { status, answer } = await graph.send('{ secret }');
  expect(status).toBe(503);
  expect(answer).toEqual({
    errors: [{ message: 'This part cannot be reached at the moment. Try again later.', code: 'UNAVAILABLE' }],
  });
  expect(graph.fetches).toEqual([]);
});
