import { expect, test } from 'vitest';

import { createRequestReader } from '../../../../bench/gateway/graph/http-requests.ts';
import type { HttpRequest } from '../../../../bench/gateway/graph/http-requests.ts';

function reader() {
  const requests: Pick<HttpRequest, 'path' | 'body'>[] = [];
  const read = createRequestReader(({ path, body }) => requests.push({ path, body }));
  return { requests, read: (text: string) => read(Buffer.from(text, 'latin1')) };
}

test('requests are read whole, however they are cut and however many come at once', () => {
  const text =
    'POST /reviews HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcdPOST /users HTTP/1.1\r\ncontent-length: 2\r\n\r\nef';
  const expected = [
    { path: '/reviews', body: 'abcd' },
    { path: '/users', body: 'ef' },
  ];
  const whole = reader();
  whole.read(text);
  expect(whole.requests).toEqual(expected);
  const cut = reader();
  for (const character of text) cut.read(character);
  expect(cut.requests).toEqual(expected);
});

test('a body in chunks is put together, and what follows it is the next request', () => {
  const { requests, read } = reader();
  read('POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n');
  expect(requests).toEqual([]);
  read('0\r\n\r\nPOST /b HTTP/1.1\r\ncontent-length: 1\r\n\r\nx');
  expect(requests).toEqual([
    { path: '/a', body: 'abc0123456789' },
    { path: '/b', body: 'x' },
  ]);
});
