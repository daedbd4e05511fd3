import { expect, test } from 'vitest';

import { parsePrincipalQuery } from '@tributary/users/principal/parse-principal-query';

test.each([[{ issuer: 'https://id.example.com', subject: 'ada' }], [{ clientId: 'shop' }]])(
  '%j is a lookup',
  (body) => {
    expect(parsePrincipalQuery(body)).toEqual(body);
  },
);

test.each([
  [null],
  ['shop'],
  [[]],
  [{}],
  [{ clientId: 1 }],
  [{ subject: 'ada' }],
  [{ issuer: 'https://id.example.com', subject: ['ada'] }],
  [{ issuer: 'https://id.example.com', subject: 'ada', clientId: 'shop' }],
])('%j is refused', (body) => {
  expect(() => parsePrincipalQuery(body)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }) as Error);
});
