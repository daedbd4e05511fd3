import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DomainError } from '@tributary/kit/errors';
import { ID_PREFIXES, newUuid, parseGlobalId, toGlobalId, tryParseGlobalId } from '@tributary/kit/ids';
import type { IdType } from '@tributary/kit/ids';

const TYPES = Object.keys(ID_PREFIXES) as IdType[];
const uuid = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) =>
  value
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
);
const example = toGlobalId('Order', '01919191-9191-7919-8919-191919191919');

test('a global id is the prefix of its type and 26 lower-case Crockford digits', () => {
  expect(toGlobalId('Order', '00000000-0000-0000-0000-000000000000')).toBe('ord_00000000000000000000000000');
  expect(toGlobalId('User', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe('usr_7zzzzzzzzzzzzzzzzzzzzzzzzz');
  expect(toGlobalId('Payment', '00000000-0000-0000-0000-0000000003ff')).toBe('pay_000000000000000000000000zz');
});

test('every type and UUID comes back from its global id', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), uuid, (type, value) => {
      const id = toGlobalId(type, value);
      expect(id).toMatch(/^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$/);
      expect(parseGlobalId(type, id)).toBe(value);
      expect(tryParseGlobalId(id)).toEqual({ type, uuid: value });
    }),
    { numRuns: 1_000 },
  );
});

test('prefixes are distinct and have three letters', () => {
  expect(new Set(Object.values(ID_PREFIXES)).size).toBe(TYPES.length);
  expect(Object.values(ID_PREFIXES).filter((prefix) => !/^[a-z]{3}$/.test(prefix))).toEqual([]);
});

test('an id of another type is refused with a code that says which kind is expected', () => {
  for (const type of TYPES) {
    const foreign = toGlobalId(type === 'Order' ? 'User' : 'Order', '01919191-9191-7919-8919-191919191919');
    const article = /^[AEIO]/.test(type) ? 'an' : 'a';
    const message = `This is not the id of ${article} ${type}; such ids start with "${ID_PREFIXES[type]}_".`;
    expect(() => parseGlobalId(type, foreign)).toThrow(new DomainError('INVALID_ID', message));
  }
});

test.each([
  ['one digit too few', example.slice(0, -1)],
  ['one digit too many', `${example}0`],
  ['upper case', example.toUpperCase()],
  ['an upper-case digit', example.replace(/.$/, 'Z')],
  ['an upper-case prefix', example.replace('ord', 'ORD')],
  ['an unknown prefix', example.replace('ord', 'abc')],
  ['no prefix', example.slice(4)],
  ['another separator', example.replace('_', '-')],
  ['a letter that Crockford leaves out', example.replace(/.$/, 'i')],
  ['another one', example.replace(/.$/, 'l')],
  ['another one', example.replace(/.$/, 'o')],
  ['another one', example.replace(/.$/, 'u')],
  ['2^128, the first value that is no UUID', 'ord_80000000000000000000000000'],
  ['the largest 130-bit value', 'ord_zzzzzzzzzzzzzzzzzzzzzzzzzz'],
  ['a UUID', '01919191-9191-7919-8919-191919191919'],
  ['white space before', ` ${example}`],
  ['a line break after', `${example}\n`],
  ['SQL', `ord_' OR 1=1 --`],
  ['nothing', ''],
  ['a name of Object.prototype', 'constructor'],
  ['a megabyte', 'ord_'.padEnd(1_000_000, '0')],
])('%s is no id', (_name, id) => {
  expect(tryParseGlobalId(id)).toBeNull();
  expect(() => parseGlobalId('Order', id)).toThrow(expect.objectContaining({ code: 'INVALID_ID' }));
});

const anyCodeUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit));

test('text that is not written by toGlobalId is no id', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: anyCodeUnit }), fc.stringMatching(/^[a-z]{3}_[0-9a-z]{26}$/)), (text) => {
      const parsed = tryParseGlobalId(text);
      expect(parsed === null || toGlobalId(parsed.type, parsed.uuid) === text).toBe(true);
    }),
  );
});

describe('new UUIDs', () => {
  const instant = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
  const random = fc.uint8Array({ minLength: 10, maxLength: 10 });

  test('have the layout of RFC 9562 version 7: time, version, variant, random bits', () => {
    expect(newUuid(new Date('2022-02-22T19:22:22.000Z'), Buffer.from('0cc318c4dc0c0c07398f', 'hex'))).toBe(
      '017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
    );
    fc.assert(
      fc.property(instant, random, (now, bytes) => {
        const value = newUuid(now, bytes);
        expect(value).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(parseInt(value.replaceAll('-', '').slice(0, 12), 16)).toBe(now.getTime());
        const tail = Buffer.from(value.replaceAll('-', '').slice(12), 'hex');
        const kept = [0x0f, 0xff, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]; // all but the bits of version and variant
        expect([...tail].map((byte, index) => byte & kept[index]!)).toEqual(
          [...bytes].map((byte, index) => byte & kept[index]!),
        );
      }),
    );
  });

  test('sort by time, as UUIDs and as global ids', () => {
    fc.assert(
      fc.property(instant, instant, random, random, (one, other, someBytes, otherBytes) => {
        fc.pre(one.getTime() !== other.getTime());
        const [earlier, later] = one < other ? [one, other] : [other, one];
        const [first, second] = [newUuid(earlier, someBytes), newUuid(later, otherBytes)];
        expect(first < second).toBe(true);
        expect(toGlobalId('Order', first) < toGlobalId('Order', second)).toBe(true);
      }),
    );
  });

  test('differ within a millisecond and leave the given bytes alone', () => {
    const now = new Date('2026-05-04T10:15:30.000Z');
    expect(new Set(Array.from({ length: 1_000 }, () => newUuid(now))).size).toBe(1_000);
    const bytes = new Uint8Array(10).fill(255);
    newUuid(now, bytes);
    expect(bytes).toEqual(new Uint8Array(10).fill(255));
  });
});
