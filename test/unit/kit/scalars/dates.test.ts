import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { scalars } from '@tributary/kit/scalars';

import { fromLiteral, fromVariable, refusalOf, refused } from './scalar-parsing.ts';

describe('DateTime', () => {
  test.each([
    ['2026-05-04T10:15:30Z', '2026-05-04T10:15:30.000Z'],
    ['2026-05-04T10:15:30.5Z', '2026-05-04T10:15:30.500Z'],
    ['2026-05-04T10:15:30.123456789Z', '2026-05-04T10:15:30.123Z'],
    ['2026-05-04T10:15:30+02:00', '2026-05-04T08:15:30.000Z'],
    ['2026-05-04T23:15:30-05:30', '2026-05-05T04:45:30.000Z'],
    ['2026-05-04T10:15:30-00:00', '2026-05-04T10:15:30.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is the instant %s', (text, instant) => {
    expect(fromVariable('DateTime', text)).toEqual(new Date(instant));
    expect(fromLiteral('DateTime', `"${text}"`)).toEqual(new Date(instant));
    expect(scalars.DateTime!.serialize(new Date(text))).toBe(instant);
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-05-04T24:00:00Z',
    '2026-05-04T25:00:00Z',
    '2026-05-04T10:60:00Z',
    '2026-05-04T10:15:60Z',
    '2026-05-04T10:15:30',
    '2026-05-04T10:15Z',
    '2026-05-04 10:15:30Z',
    '2026-05-04t10:15:30z',
    '2026-05-04T10:15:30+0200',
    '2026-05-04T10:15:30+24:00',
    '2026-05-04T10:15:30.Z',
    '2026-05-04T10:15:30.1234567891Z',
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '+012026-05-04T10:15:30Z',
    '2026-05-04T10:15:30Z\n',
    '2026-05-04',
    'now',
    'infinity',
    '',
  ])('%j is refused', (text) => {
    expect(refusalOf(() => fromVariable('DateTime', text))).toEqual(refused('DateTime'));
    expect(refusalOf(() => fromLiteral('DateTime', JSON.stringify(text)))).toEqual(refused('DateTime'));
  });

  test('every instant that can be written comes back, from any offset', () => {
    const instant = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offsetMinutes) => {
        const local = new Date(date.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.abs(offsetMinutes) / 60, Math.abs(offsetMinutes) % 60].map((part) =>
          String(Math.floor(part)).padStart(2, '0'),
        );
        expect(fromVariable('DateTime', `${local}${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`)).toEqual(date);
      }),
    );
  });
});

describe('Date', () => {
  test.each(['2026-05-04', '2024-02-29', '0001-01-01', '9999-12-31'])('%s is kept as it is', (text) => {
    expect(fromVariable('Date', text)).toBe(text);
    expect(fromLiteral('Date', `"${text}"`)).toBe(text);
    expect(scalars.Date!.serialize(text)).toBe(text);
  });

  test.each([
    '2026-02-30',
    '2025-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-1-1',
    '0000-01-01',
    '10000-01-01',
    '',
    '2026-05-04T00:00:00Z',
  ])('%j is refused', (text) => {
    expect(refusalOf(() => fromVariable('Date', text))).toEqual(refused('Date'));
    expect(refusalOf(() => fromLiteral('Date', `"${text}"`))).toEqual(refused('Date'));
  });
});
