import { expect, test } from 'vitest';

import { isCountry } from '@tributary/kit/country-codes';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const PAIRS = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));

test('there are as many countries as ISO 3166-1 has', () => {
  expect(PAIRS.filter(isCountry)).toHaveLength(249);
});

test('every country has a name, and codes that only look like one are none', () => {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  expect(PAIRS.filter(isCountry).filter((code) => names.of(code) === undefined)).toEqual([]);
  expect(['DE', 'AT', 'GB', 'US', 'ZW'].every(isCountry)).toBe(true);
  expect(['ZZ', 'XK', 'EU', 'UK', 'AN', 'YU', 'de', 'DEU', ''].some(isCountry)).toBe(false);
});
