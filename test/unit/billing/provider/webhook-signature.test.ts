import { expect, test } from 'vitest';

import { signWebhook, verifyWebhook } from '@tributary/billing/provider/webhook-signature';
import { MINUTE, SECOND } from '@tributary/kit/clock';

const [secret, other] = ['whsec-one-0123456789', 'whsec-two-0123456789'];
const now = new Date('2026-11-21T12:00:00Z');
const body = Buffer.from('{"id":"evt_1"}');
const signature = signWebhook({ body, secret, now });
const received = { body, signature, secrets: [secret], now };
const after = (ms: number) => new Date(now.getTime() + ms);

test('what was signed with a known secret is accepted', () => {
  expect(verifyWebhook(received)).toBe(true);
});

test('the signature is the documented one', () => {
  // printf '1795262400.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec-one-0123456789
  expect(signature).toBe('t=1795262400,v1=b3f399d8d7239a2bdff189ac6767353f40432e9b5577bbf44d4494795bbc28b7');
});

test('while a secret is replaced, the old and the new one are accepted', () => {
  const secrets = [other, secret];
  expect(verifyWebhook({ ...received, secrets })).toBe(true);
  expect(verifyWebhook({ ...received, secrets, signature: signWebhook({ body, secret: other, now }) })).toBe(true);
  const both = `${signature},${signWebhook({ body, secret: other, now }).split(',')[1]!}`;
  expect(verifyWebhook({ ...received, secrets: [other], signature: both })).toBe(true);
});

test.each([
  ['five minutes late', 5 * MINUTE, true],
  ['later than that', 5 * MINUTE + SECOND, false],
  ['five minutes early, by a clock that is ahead', -5 * MINUTE, true],
  ['earlier than that', -5 * MINUTE - SECOND, false],
])('a signature that is %s: %s ms, accepted: %s', (_when, ms, accepted) => {
  expect(verifyWebhook({ ...received, now: after(ms) })).toBe(accepted);
});

test.each<[string, Partial<typeof received> | { signature: undefined }]>([
  ['another secret', { secrets: [other] }],
  ['no secrets', { secrets: [] }],
  ['a changed body', { body: Buffer.from('{"id":"evt_2"}') }],
  ['an empty body', { body: Buffer.alloc(0) }],
  ['no signature', { signature: undefined }],
  ['an empty signature', { signature: '' }],
  ['another time than the signed one', { signature: signature.replace('t=1795262400', 't=1795262401') }],
  ['no time', { signature: signature.split(',')[1]! }],
  ['a time that is no number', { signature: signature.replace('t=1795262400', 't=1e9') }],
  ['a time only', { signature: signature.split(',')[0]! }],
  ['a digest cut short', { signature: signature.slice(0, -1) }],
  ['a digest of zeros', { signature: `t=1795262400,v1=${'0'.repeat(64)}` }],
  ['a version that is not known', { signature: signature.replace('v1=', 'v0=') }],
  [
    'hundreds of digests',
    { signature: `t=1795262400${`,v1=${'0'.repeat(64)}`.repeat(300)},${signature.split(',')[1]!}` },
  ],
])('%s is refused', (_mistake, change) => {
  expect(verifyWebhook({ ...received, ...change })).toBe(false);
});
