import { createHmac } from 'node:crypto';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createCursorCodec, invalidCursor } from '@tributary/kit/connection/cursor';
import type { Position } from '@tributary/kit/connection/cursor';
import { DomainError } from '@tributary/kit/errors';

const KEY = new Uint8Array(32).fill(7);
const codec = createCursorCodec(KEY);
const LIST = 'orders:PLACED_AT:DESC';
const position: Position = { key: '2026-05-04T10:15:30.000Z', id: '01919191-9191-7919-8919-191919191919' };
const refused = () => invalidCursor();
const isAccepted = (cursor: string): boolean => {
  try {
    codec.decode(LIST, cursor);
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'INVALID_CURSOR') return false;
    throw error;
  }
};

test('every position comes back from its cursor', () => {
  const anyPosition = fc.record({
    key: fc.option(fc.string({ unit: 'grapheme', maxLength: 1_000 })),
    id: fc.uuid(),
  });
  fc.assert(
    fc.property(fc.string(), anyPosition, (list, given) => {
      const cursor = codec.encode(list, given);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(codec.decode(list, cursor)).toEqual(given);
    }),
  );
});

test('a key of a thousand characters that all need escaping still fits', () => {
  const long = { ...position, key: '\u0001'.repeat(900) };
  expect(codec.decode(LIST, codec.encode(LIST, long))).toEqual(long);
});

test('the same position has the same cursor on every replica', () => {
  expect(createCursorCodec(KEY).encode(LIST, position)).toBe(codec.encode(LIST, position));
});

test('a cursor with any single bit changed is refused', () => {
  const bytes = Buffer.from(codec.encode(LIST, position), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
    expect(() => codec.decode(LIST, changed.toString('base64url'))).toThrow(refused());
  }
});

test('a cursor with any single character changed, added or taken away is refused', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n\0é';
  const accepted: string[] = [];
  // Lengths of every remainder, so that the last character carries unused bits in some of them.
  for (const key of [null, '1', '12', '123']) {
    const cursor = codec.encode(LIST, { ...position, key });
    for (let at = 0; at <= cursor.length; at += 1) {
      const [before, rest] = [cursor.slice(0, at), cursor.slice(at)];
      const changed = [...alphabet].flatMap((other) => [before + other + rest, before + other + rest.slice(1)]);
      accepted.push(...[before + rest.slice(1), ...changed].filter((text) => text !== cursor && isAccepted(text)));
    }
  }
  expect(accepted).toEqual([]);
});

test('a cursor of another list, sort or key is refused', () => {
  const cursor = codec.encode(LIST, position);
  for (const list of ['orders:PLACED_AT:ASC', 'orders', 'invoices:PLACED_AT:DESC', `${LIST} `, ''])
    expect(() => codec.decode(list, cursor)).toThrow(refused());
  expect(() => createCursorCodec(new Uint8Array(32).fill(8)).decode(LIST, cursor)).toThrow(refused());
});

test('the border between list and position cannot be moved', () => {
  const bytes = Buffer.from(codec.encode('a', position), 'base64url');
  const [mac, payload] = [bytes.subarray(0, 12), bytes.subarray(12)];
  const cursorOf = (...parts: Uint8Array[]) => Buffer.concat([mac, ...parts]).toString('base64url');
  expect(() => codec.decode('a', cursorOf(Buffer.from('\0'), payload))).toThrow(refused());
  expect(() => codec.decode(`a${payload.toString('utf8', 0, 1)}`, cursorOf(payload.subarray(1)))).toThrow(refused());
});

test('a well signed cursor of another version is refused', () => {
  const payload = Buffer.from(JSON.stringify([2, position.key, position.id]));
  const mac = createHmac('sha256', KEY).update(`${LIST}\0`).update(payload).digest().subarray(0, 12);
  expect(() => codec.decode(LIST, Buffer.concat([mac, payload]).toString('base64url'))).toThrow(refused());
});

test.each([
  ['nothing', ''],
  ['a word', 'abc'],
  ['a signature without anything signed', Buffer.alloc(12).toString('base64url')],
  ['JSON', '[1,null,"x"]'],
  ['the JSON of a position in base64', Buffer.from('[1,null,"x"]').toString('base64url')],
  ['a megabyte', 'A'.repeat(1_000_000)],
  ['SQL', `' OR 1=1 --`],
  ['half of a surrogate pair', '\ud800'],
])('%s is refused as a cursor', (_name, cursor) => {
  expect(() => codec.decode(LIST, cursor)).toThrow(refused());
});

const anyCodeUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit));

test('made-up text is refused and never breaks the codec', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCodeUnit, maxLength: 200 }), (text) => {
      expect(isAccepted(text)).toBe(false);
    }),
  );
});

test('a key of fewer than 32 bytes is a mistake', () => {
  expect(() => createCursorCodec(new Uint8Array(31))).toThrow('The cursor key needs at least 32 bytes.');
});
