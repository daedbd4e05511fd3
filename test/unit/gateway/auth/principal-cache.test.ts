import { expect, test } from 'vitest';

import { cachePrincipals } from '@tributary/gateway/auth/principal-cache';
import { SECOND } from '@tributary/kit/clock';
import type { FindPrincipal, PrincipalQuery, PrincipalRecord } from '@tributary/kit/principal-record';

const record: PrincipalRecord = { type: 'client', clientId: 'c', organizationId: 'o', status: 'ACTIVE', scopes: [] };

function start(find: FindPrincipal = async () => record) {
  const asked: PrincipalQuery[] = [];
  let now = 0;
  const cached = cachePrincipals(
    (query) => {
      asked.push(query);
      return find(query);
    },
    { ttlMs: 30 * SECOND, clock: { now: () => new Date(now) } },
  );
  return { asked, cached, pass: (ms: number) => void (now += ms) };
}

test('a subject is asked for once within 30 seconds, and again after', async () => {
  const { asked, cached, pass } = start();
  for (const ms of [0, 29 * SECOND, 1 * SECOND]) {
    pass(ms);
    await cached({ clientId: 'c' });
  }
  expect(asked).toHaveLength(2);
});

test('calls made at the same time share one question', async () => {
  const { asked, cached } = start();
  expect(await Promise.all([cached({ clientId: 'c' }), cached({ clientId: 'c' })])).toEqual([record, record]);
  expect(asked).toHaveLength(1);
});

test('subjects of different issuers, and clients of the same name, are kept apart', async () => {
  const { asked, cached } = start();
  await cached({ issuer: 'a', subject: 'c' });
  await cached({ issuer: 'b', subject: 'c' });
  await cached({ clientId: 'c' });
  expect(asked).toHaveLength(3);
});

test('a subject that is not known is asked for every time, so that it is let in as soon as it is', async () => {
  const { asked, cached } = start(async () => null);
  expect([await cached({ clientId: 'c' }), await cached({ clientId: 'c' })]).toEqual([null, null]);
  expect(asked).toHaveLength(2);
});

test('a failure is told to everyone who waits, and is not kept', async () => {
  let failing = true;
  const { cached } = start(() => (failing ? Promise.reject(new Error('down')) : Promise.resolve(record)));
  const both = await Promise.allSettled([cached({ clientId: 'c' }), cached({ clientId: 'c' })]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  failing = false;
  expect(await cached({ clientId: 'c' })).toBe(record);
});

const person = (userId: string): PrincipalRecord => ({
  type: 'user',
  userId,
  status: 'ACTIVE',
  roles: [],
  memberships: [],
});

/** A directory in this process: it says when somebody has changed, and answers when it is told to. */
function startDirectory() {
  const listeners: ((userId: string) => void)[] = [];
  const asked: ((record: PrincipalRecord) => void)[] = [];
  const find = () => new Promise<PrincipalRecord>((resolve) => asked.push(resolve));
  const cached = cachePrincipals(
    Object.assign(find, { onChange: (each: (userId: string) => void) => void listeners.push(each) }),
    {
      ttlMs: 30 * SECOND,
      clock: { now: () => new Date(0) },
    },
  );
  return { cached, asked, change: (userId: string) => listeners.forEach((listener) => listener(userId)) };
}

test('a person who has changed is asked for again, everybody else is not', async () => {
  const { cached, asked, change } = startDirectory();
  for (const subject of ['a', 'b']) {
    const answer = cached({ issuer: 'i', subject });
    asked.at(-1)!(person(subject));
    await answer;
  }
  change('a');
  void cached({ issuer: 'i', subject: 'a' });
  void cached({ issuer: 'i', subject: 'b' });
  expect(asked).toHaveLength(3);
});

test('an answer that was on its way when the person changed serves those who waited, and nobody after', async () => {
  const { cached, asked, change } = startDirectory();
  const before = cached({ issuer: 'i', subject: 'a' });
  change('a');
  const after = cached({ issuer: 'i', subject: 'a' });
  expect(asked).toHaveLength(2);
  const [old, young] = [person('a'), person('a')];
  asked[1]!(young);
  asked[0]!(old);
  expect(await before).toBe(old);
  expect(await after).toBe(young);
  expect(await cached({ issuer: 'i', subject: 'a' })).toBe(young);
  expect(asked).toHaveLength(2);
});
