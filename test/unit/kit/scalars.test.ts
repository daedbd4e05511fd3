import { GraphQLError, parseValue } from 'graphql';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { scalars } from '@tributary/kit/scalars';

const NAMES = [
  'DateTime',
  'Date',
  'CountryCode',
  'CurrencyCode',
  'Locale',
  'PhoneNumber',
  'Decimal',
  'EmailAddress',
  'IdempotencyKey',
  'MinorUnits',
] as const;
type Name = (typeof NAMES)[number];

const expected: Record<Name, string> = {
  DateTime: 'an instant in RFC 3339 form, for example 2026-05-04T10:15:30.000Z.',
  Date: 'a calendar date in the form 2026-05-04.',
  CountryCode: 'an ISO 3166-1 alpha-2 code, for example DE.',
  CurrencyCode: 'an ISO 4217 code, for example EUR.',
  Locale: 'a BCP 47 language tag, for example de-AT.',
  PhoneNumber: 'a phone number in E.164 form, for example +4915112345678.',
  Decimal: 'a decimal number as a string, for example 0.19.',
  EmailAddress: 'an email address.',
  IdempotencyKey: 'a key of 16 to 128 visible ASCII characters, for example a UUID.',
  MinorUnits: 'a whole number of minor units that fits 64 bits, as a string or a safe integer.',
};

const fromVariable = (name: Name, value: unknown) => scalars[name]!.parseValue(value);
const fromLiteral = (name: Name, literal: string) => scalars[name]!.parseLiteral(parseValue(literal), {});

/** The error of a refusal, which is the same for every value; anything else fails the test. */
function refusalOf(parse: () => unknown): { message: string; code: unknown } {
  try {
    return { message: `accepted as ${String(parse())}`, code: undefined };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { message: error.message, code: error.extensions.code };
  }
}
const refused = (name: Name) => ({ message: `${name} must be ${expected[name]}`, code: 'BAD_USER_INPUT' });

test('every scalar of the contract is there', () => {
  expect(Object.keys(scalars).sort()).toEqual([...NAMES].sort());
});

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

describe('codes, tags, numbers and addresses as text', () => {
  const accepted: [Name, readonly string[]][] = [
    ['CountryCode', ['DE', 'AT', 'ZZ']],
    ['CurrencyCode', ['EUR', 'JPY']],
    ['Locale', ['de', 'de-AT', 'zh-Hant-TW', 'ast-ES']],
    ['PhoneNumber', ['+4915112345678', '+12345', '+123456789012345']],
    ['Decimal', ['0', '0.19', '-12.30', '007', '9'.repeat(30)]],
    [
      'EmailAddress',
      ['ada@example.com', 'a.b+c@mail.example.co.uk', 'jörg@müller.example', `${'a'.repeat(64)}@b.example`],
    ],
    ['IdempotencyKey', ['0f8fad5b-d9cb-469f-a165-70867728950e', '!'.repeat(16), '~'.repeat(128)]],
  ];
  test.each(accepted)('%s takes %j', (name, texts) => {
    expect(texts.map((text) => fromVariable(name, text))).toEqual(texts);
    expect(texts.map((text) => fromLiteral(name, JSON.stringify(text)))).toEqual(texts);
    expect(texts.map((text) => scalars[name]!.serialize(text))).toEqual(texts);
  });

  test('an email address is stored in lower case', () => {
    expect(fromVariable('EmailAddress', 'Ada.Buyer@Example.COM')).toBe('ada.buyer@example.com');
  });

  const rejected: [Name, readonly string[]][] = [
    ['CountryCode', ['de', 'D', 'DEU', 'D1', ' DE', 'ÄÖ']],
    ['CurrencyCode', ['eur', 'EU', 'EURO', 'EU\n', 'EUR\n']],
    ['Locale', ['d', 'de_AT', 'de-', 'german', '-de', `de${'-abcd'.repeat(7)}`]],
    ['PhoneNumber', ['4915112345678', '+0123456', '+1234', '+1234567890123456', '+49 151', '+49-151']],
    ['Decimal', ['1e400', '.5', '5.', '+1', '1,5', '--1', 'NaN', 'Infinity', '9'.repeat(31), '0x10', '']],
    [
      'EmailAddress',
      [
        '',
        'ada',
        '@example.com',
        'ada@example',
        'ada@.com',
        'ada@example.',
        'a@b@c.de',
        'a b@c.de',
        '"a"@b.de',
        '<a@b.de>',
        'ada@example..com',
        `${'a'.repeat(65)}@b.de`,
        `a@${'b'.repeat(250)}.de`,
        'a\0@b.de',
        'a@b\0.de',
        'a\u001b@b.de',
        'a\u0085@b.de',
      ],
    ],
    [
      'IdempotencyKey',
      ['', 'a'.repeat(15), 'a'.repeat(129), `${'a'.repeat(16)} `, 'ä'.repeat(16), `${'a'.repeat(16)}\n`],
    ],
  ];
  test.each(rejected)('%s refuses %j', (name, texts) => {
    expect(texts.map((text) => refusalOf(() => fromVariable(name, text)))).toEqual(texts.map(() => refused(name)));
  });
});

describe('MinorUnits', () => {
  test.each([
    ['0', 0n],
    ['-0', 0n],
    ['0012', 12n],
    ['-1230', -1_230n],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    ['-9223372036854775807', -9_223_372_036_854_775_807n],
  ])('the text %s is the amount %s', (text, amount) => {
    expect(fromVariable('MinorUnits', text)).toBe(amount);
    expect(fromLiteral('MinorUnits', `"${text}"`)).toBe(amount);
  });

  test('whole numbers are taken as long as a float holds them exactly', () => {
    expect([0, -0, -1_230, 2 ** 53 - 1, -(2 ** 53) + 1].map((value) => fromVariable('MinorUnits', value))).toEqual([
      0n,
      0n,
      -1_230n,
      2n ** 53n - 1n,
      -(2n ** 53n) + 1n,
    ]);
  });

  test('a literal is read digit by digit and keeps what a float would lose', () => {
    expect(fromLiteral('MinorUnits', '9007199254740993')).toBe(9_007_199_254_740_993n);
  });

  test.each([
    2 ** 53,
    JSON.parse('9007199254740993') as number,
    JSON.parse('1e400') as number,
    0.5,
    -1.5,
    NaN,
    -Infinity,
  ])('the number %s is refused', (value) => {
    expect(refusalOf(() => fromVariable('MinorUnits', value))).toEqual(refused('MinorUnits'));
  });

  test.each([
    '9223372036854775808',
    '-9223372036854775808',
    '1'.repeat(20),
    '1e3',
    '1.0',
    '+5',
    ' 5',
    '0x5',
    '5n',
    '',
    '-',
  ])('the text %j is refused', (text) => {
    expect(refusalOf(() => fromVariable('MinorUnits', text))).toEqual(refused('MinorUnits'));
    expect(refusalOf(() => fromLiteral('MinorUnits', `"${text}"`))).toEqual(refused('MinorUnits'));
  });

  test('an amount leaves as text, digit by digit, and a fraction never leaves', () => {
    expect(scalars.MinorUnits!.serialize(-9_223_372_036_854_775_808n)).toBe('-9223372036854775808');
    expect(() => scalars.MinorUnits!.serialize(0.5)).toThrow(RangeError);
  });

  test('every 64-bit amount comes back from its text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (amount) => {
        expect(fromVariable('MinorUnits', scalars.MinorUnits!.serialize(amount))).toBe(amount);
      }),
    );
  });
});

describe.each(NAMES)('hostile input to %s', (name) => {
  test('values of another type are refused', () => {
    const values = [null, undefined, true, {}, [], ['DE'], { toString: () => 'DE' }, Symbol('s'), 5n, new Date()];
    expect(values.map((value) => refusalOf(() => fromVariable(name, value)))).toEqual(values.map(() => refused(name)));
    const literals = ['true', 'null', '{ a: 1 }', '["DE"]', 'DE', '1.5'];
    expect(literals.map((text) => refusalOf(() => fromLiteral(name, text)))).toEqual(literals.map(() => refused(name)));
  });

  test('half a surrogate pair is refused wherever it stands', () => {
    for (const half of ['\ud800', '\udfff', 'a\ud800@b.de', 'a@b\udc00.de', 'D\ud800', '2026-05-04T10:15:30\ud800'])
      expect(refusalOf(() => fromVariable(name, half))).toEqual(refused(name));
  });

  test('a megabyte of anything is refused at once', () => {
    const megabyte = 1_000_000;
    const texts = [
      'A'.repeat(megabyte),
      '1'.repeat(megabyte),
      `+${'1'.repeat(megabyte)}`,
      `de${'-abcd'.repeat(megabyte / 5)}`,
      `1.${'0'.repeat(megabyte)}`,
      `${'a'.repeat(megabyte)}@`,
      `a@${'a.'.repeat(megabyte / 2)}`,
      `a@${'a'.repeat(megabyte)}.`,
      `${'a@'.repeat(megabyte / 2)}b.de`,
      '\ud800'.repeat(megabyte),
      `2026-05-04T10:15:30.${'0'.repeat(megabyte)}Z`,
      // Shapes just below the length limit of an email, for patterns that backtrack.
      `${'a'.repeat(64)}@${'a.'.repeat(94)}`,
      `a@${'a'.repeat(251)}`,
    ];
    for (const text of texts) {
      const before = process.cpuUsage();
      expect(refusalOf(() => fromVariable(name, text))).toEqual(refused(name));
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).toBeLessThan(50);
    }
  });

  test('the message never repeats the value', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.double(),
          fc.string().map((text) => `hunter2 ${text}`),
        ),
        (value) => {
          const { message } = refusalOf(() => fromVariable(name, value));
          expect(message === refused(name).message || message.startsWith('accepted as')).toBe(true);
        },
      ),
    );
  });
});
