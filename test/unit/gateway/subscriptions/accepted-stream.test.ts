import { expect, test } from 'vitest';

import { acceptedStream, namesJson } from '@tributary/gateway/subscriptions/accepted-stream';

test.each([
  [undefined, null],
  ['*/*', null],
  ['application/json', null],
  ['multipart/mixed', null],
  ['multipart/mixed;deferSpec=20220824, application/json', null],
  ['text/event-stream;q=0', null],
  ['text/event-stream', { kind: 'sse', otherwise: null }],
  ['TEXT/Event-Stream; charset=utf-8', { kind: 'sse', otherwise: null }],
  ['multipart/mixed;subscriptionSpec=1.0', { kind: 'multipart', otherwise: null }],
  [
    'multipart/mixed;boundary="graphql";subscriptionSpec="1.0", application/json',
    { kind: 'multipart', otherwise: 'application/json' },
  ],
  [
    'application/json, text/event-stream, multipart/mixed;subscriptionSpec=1.0',
    { kind: 'sse', otherwise: 'application/json' },
  ],
  [
    'multipart/mixed;subscriptionSpec=1.0,multipart/mixed;deferSpec=20220824,application/json',
    { kind: 'multipart', otherwise: 'multipart/mixed;deferSpec=20220824, application/json' },
  ],
])('%j accepts %j', (accept, accepted) => {
  expect(acceptedStream(accept)).toEqual(accepted);
});

test.each([
  [null, false],
  ['*/*', false],
  ['application/json', true],
  ['application/graphql-response+json', true],
])('%j names JSON: %j', (accept, names) => {
  expect(namesJson(accept)).toBe(names);
});
