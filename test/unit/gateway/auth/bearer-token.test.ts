import { expect, test } from 'vitest';

import { readBearerToken } from '@tributary/gateway/auth/bearer-token';
import { TokenRefused } from '@tributary/gateway/auth/token-errors';

const read = (authorization?: string[], url = '/graphql') =>
  readBearerToken({ url, headersDistinct: authorization ? { authorization } : {} });

test('a request without the header has no token', () => {
  expect(read()).toBeNull();
});

test.each(['Bearer a.b.c', 'bearer a.b.c', 'BEARER  a.b.c'])('the scheme may be written in any case: %s', (header) => {
  expect(read([header])).toBe('a.b.c');
});

test.each([[['']], [['Bearer']], [['Bearer a b']], [['Basic YTpi']], [['a.b.c']], [['Bearer a.b.c', 'Bearer a.b.c']]])(
  'what is not exactly one bearer token is refused: %j',
  (headers) => {
    expect(() => read(headers)).toThrow(TokenRefused);
  },
);

test.each(['/graphql?access_token=a.b.c', '/graphql?query=x&access_token=a.b.c'])(
  'a token in the URL is refused: %s',
  (url) => {
    expect(() => read(undefined, url)).toThrow(TokenRefused);
  },
);
