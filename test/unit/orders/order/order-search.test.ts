import { expect, test } from 'vitest';

import { orderSearchCondition, prefixQuery } from '@tributary/orders/order/order-search';

test('words become quoted prefixes that must all match', () => {
  expect(prefixQuery(' lamp  mill\tT-2026 ')).toBe("'lamp':* & 'mill':* & 'T-2026':*");
});

test('a word that begins with a digit is also looked up behind a hyphen', () => {
  expect(prefixQuery('000123')).toBe("('000123':* | '-000123':*)");
});

test('quotes and backslashes cannot end the quoting', () => {
  expect(prefixQuery(String.raw`O'Brien a\' \\`)).toBe(String.raw`'O''Brien':* & 'a\\''':* & '\\\\':*`);
});

test.each(['', 'ab', '  ab  ', '🙂🙂', 'x'.repeat(201)])(
  'a text that is too short or too long is refused: %j',
  (text) => {
    expect(() => orderSearchCondition(text)).toThrow('"search" must have from 3 to 200 characters.');
  },
);

test.each(['abc', ' abc ', '🙂🙂🙂', 'x'.repeat(200)])('from 3 to 200 characters are searched for: %j', (text) => {
  expect(orderSearchCondition(text).values).toEqual([prefixQuery(text)]);
});
