import { expect, test } from 'vitest';

import { withoutValues } from '@tributary/gateway/plugins/error-masking';

test.each([
  [
    'Variable "$a" got invalid value "hunter2"; String cannot represent a non string value: 7',
    'Variable "$a" got an invalid value.',
  ],
  [
    'Variable "$a" got invalid value { x: "hunter2; at \\"a\\"" } at "a.b[0].c"; Expected type "Int".',
    'Variable "$a" got an invalid value at "a.b[0].c".',
  ],
  [
    'Variable "$a" got invalid value "hunter2"; Int cannot represent non-integer value: "hunter2"',
    'Variable "$a" got an invalid value.',
  ],
  [
    'Variable "$a" of required type "Int!" was not provided.',
    'Variable "$a" of required type "Int!" was not provided.',
  ],
  ['Something else.', 'Something else.'],
])('a message of graphql-js loses the value it repeats: %s', (message, shown) => {
  expect(withoutValues(message)).toBe(shown);
});
