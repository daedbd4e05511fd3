import pino from 'pino';
import sql from 'sql-template-tag';
import { expect, test } from 'vitest';

import { ALL_WALLS } from '@tributary/kit/access/walls';
import { createCursorCodec } from '@tributary/kit/connection/cursor';
import { createRequestContext } from '@tributary/kit/context';
import { deadlineExceeded } from '@tributary/kit/errors';
import { noWriter } from '../../kit/no-writer.ts';

function contextAt({ now, deadline }: { now: number; deadline: number }) {
  const sent: string[] = [];
  const logged: string[] = [];
  const clock = { milliseconds: now, now: () => new Date(clock.milliseconds) };
  const context = createRequestContext({
    principal: null,
    requestId: 'request-1',
    traceparent: null,
    deadline,
    clock,
    logger: pino({ base: null }, { write: (line) => void logged.push(line) }),
    walls: ALL_WALLS,
    writer: noWriter,
    cursors: createCursorCodec(new Uint8Array(32)),
    read: async (statement) => {
      sent.push(`read ${statement.text}`);
      return [];
    },
    count: async (statement) => {
      sent.push(`count ${statement.text}`);
      return null;
    },
  });
  return { context, sent, logged, clock };
}

test('statements run as long as the deadline lies ahead', async () => {
  const { context, sent } = contextAt({ now: 999, deadline: 1_000 });
  expect(await context.db.query(sql`SELECT 1`)).toEqual([]);
  expect(await context.counts.query(sql`SELECT 2`)).toBeNull();
  expect(sent).toEqual(['read SELECT 1', 'count SELECT 2']);
});

test('from the deadline on a statement is refused before it is sent, as a rejection', async () => {
  const { context, sent, clock } = contextAt({ now: 999, deadline: 1_000 });
  clock.milliseconds = 1_000;
  const asked = [context.db.query(sql`SELECT 1`), context.counts.query(sql`SELECT 2`)];
  for (const refused of asked) await expect(refused).rejects.toThrow(deadlineExceeded());
  expect(sent).toEqual([]);
});

test('a memo is made once per key and request, also when it is undefined', () => {
  const { context } = contextAt({ now: 0, deadline: 1 });
  const another = contextAt({ now: 0, deadline: 1 }).context;
  let made = 0;
  const make = () => void (made += 1);
  for (const _ of [1, 2, 3]) expect(context.memo('a', make)).toBeUndefined();
  expect(made).toBe(1);
  expect(context.memo('b', () => 'b')).toBe('b');
  expect(another.memo('b', () => 'of another request')).toBe('of another request');
});

test('a memo that fails is made again by the next one who asks', () => {
  const { context } = contextAt({ now: 0, deadline: 1 });
  const failing = () => {
    throw new Error('not yet');
  };
  expect(() => context.memo('a', failing)).toThrow('not yet');
  expect(context.memo('a', () => 'now')).toBe('now');
});

test('what was left for afterwards runs once when the operation is finished, in order, and a failure is logged', () => {
  const { context, logged } = contextAt({ now: 0, deadline: 1 });
  const done: string[] = [];
  context.afterExecution(() => void done.push('first'));
  context.afterExecution(() => {
    throw new Error('no pen');
  });
  context.afterExecution(() => void done.push('last'));
  expect(done).toEqual([]);
  context.finish();
  context.finish();
  expect(done).toEqual(['first', 'last']);
  expect(logged.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 50, requestId: 'request-1', msg: 'a task after the operation failed' }),
  ]);
});
