import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Caller } from '../../contract/access-matrix.ts';
import { GATEWAY_CALLERS, subjectOf } from '../../contract/callers.ts';
import { startAccountsWorld } from './accounts-world.ts';
import type { AccountsWorld } from './accounts-world.ts';
import { MUTATION_MATRIX } from './mutation-matrix.ts';
import type { MutationRow } from './mutation-matrix.ts';

// The matrix of changes as clients meet it: every cell through the gateway, with what it leaves behind.

let world: AccountsWorld;
beforeAll(async () => (world = await startAccountsWorld()));
afterAll(() => world[Symbol.asyncDispose]());

const verdictOf = ({ allowed, notFound }: MutationRow, caller: Caller) => {
  if (caller === 'anonymous') return 'UNAUTHENTICATED';
  if (allowed.includes(caller)) return 'may';
  return notFound?.callers.includes(caller) ? 'NOT_FOUND' : 'FORBIDDEN';
};

const callersWith = (row: MutationRow, ...verdicts: string[]) =>
  GATEWAY_CALLERS.filter((caller) => verdicts.includes(verdictOf(row, caller)));

async function run(row: MutationRow, caller: Caller) {
  await world.restore();
  const input = row.input(await world.versions());
  const before = await world.digest();
  const outcome = await world.mutate(row.mutation, input, subjectOf(caller));
  const unchanged = (await world.digest()) === before;
  return { ...outcome, unchanged, ...(await world.traces()) };
}

describe.each(MUTATION_MATRIX)('$mutation: to $does', (row) => {
  test.each(callersWith(row, 'may'))('%s may', async (caller) => {
    const { payload, errors, unchanged, events, audit } = await run(row, caller);
    expect(errors).toEqual([]);
    const { userErrors, ...result } = payload!;
    expect(userErrors).toEqual([]);
    expect(Object.values(result)).not.toContain(null);
    expect(unchanged).toBe(false);
    expect(events).toEqual(row.events);
    expect(audit.map(({ action, allowed }) => [action, allowed])).toEqual([[row.mutation, true]]);
  });

  test.each(callersWith(row, 'FORBIDDEN'))('%s may not, and nothing but the attempt is on record', async (caller) => {
    const { payload, errors, unchanged, events, audit } = await run(row, caller);
    expect(payload).toBeNull();
    expect(errors).toEqual(['FORBIDDEN']);
    expect(unchanged).toBe(true);
    expect(events).toEqual([]);
    expect(audit).toMatchObject([{ action: row.mutation, allowed: false, details: { denied: 'FORBIDDEN' } }]);
  });

  const invisibleTo = callersWith(row, 'NOT_FOUND');
  if (invisibleTo.length > 0)
    test.each(invisibleTo)('to %s there is no such object', async (caller) => {
      const { payload, errors, unchanged, events, audit } = await run(row, caller);
      expect(errors).toEqual([]);
      const { userErrors, ...result } = payload!;
      expect(userErrors).toEqual([{ __typename: 'InputError', code: 'NOT_FOUND', field: row.notFound!.field }]);
      expect(Object.values(result)).toEqual([null]);
      expect(unchanged).toBe(true);
      expect(events).toEqual([]);
      expect(audit).toMatchObject([{ action: row.mutation, allowed: false, details: { refused: ['NOT_FOUND'] } }]);
    });

  test('a caller who has not signed in may not, and leaves no record', async () => {
    const { payload, errors, unchanged, events, audit } = await run(row, 'anonymous');
    expect(payload).toBeNull();
    expect(errors).toEqual(['UNAUTHENTICATED']);
    expect(unchanged).toBe(true);
    expect([...events, ...audit]).toEqual([]);
  });
});
