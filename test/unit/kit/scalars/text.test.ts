import { describe, expect, test } from 'vitest';

import { scalars } from '@tributary/kit/scalars';

import { fromLiteral, fromVariable, refusalOf, refused } from './scalar-parsing.ts';
import type { Name } from './scalar-parsing.ts';

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
