import { expect, test } from 'vitest';

import { encode } from '@tributary/app/seed/load/copy-batch';

test.each([
  ['plain text', 'plain text'],
  ['', ''],
  ['tab\tnewline\nreturn\rbackslash\\', 'tab\\tnewline\\nreturn\\rbackslash\\\\'],
  ['\\N', '\\\\N'],
  ['{"name":"\\"Al\\""}', '{"name":"\\\\"Al\\\\""}'],
  [null, '\\N'],
  [true, 't'],
  [false, 'f'],
  [0, '0'],
  [-12, '-12'],
  [9_223_372_036_854_775_807n, '9223372036854775807'],
])('%s is written as %s', (value, text) => {
  expect(encode(value)).toBe(text);
});
