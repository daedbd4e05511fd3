import { expect, test } from 'vitest';

import { acceptsParts } from '@tributary/gateway/accepts-parts';

const ours = 'multipart/mixed;deferSpec=20220824';

test.each([
  [`${ours},application/graphql-response+json,application/json;q=0.9`, true], // Apollo Client
  [`multipart/mixed; boundary="-"; deferSpec=20220824, application/json`, false],
  [`multipart/mixed; deferSpec="20220824"`, true],
  [`application/json, ${ours};q=0.5`, true],
  [`${ours};q=0`, false],
  [`${ours};q=0.5, */*`, false],
  [`${ours}, */*`, true],
  [`multipart/mixed, ${ours}`, true],
  [`multipart/mixed;incrementalSpec=v0.2, ${ours}`, false],
  [`${ours}, multipart/mixed;incrementalSpec=v0.2`, true],
  ['multipart/mixed', false],
  ['application/json, multipart/mixed', false], // GraphiQL
  ['*/*', false],
  [undefined, false],
])('a client that accepts "%s" takes parts: %s', (accept, takes) => {
  expect(acceptsParts(accept)).toBe(takes);
});
