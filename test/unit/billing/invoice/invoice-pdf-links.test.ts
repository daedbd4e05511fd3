import { expect, test } from 'vitest';

import { createInvoicePdfLinks } from '@tributary/billing/invoice/invoice-pdf-links';
import type { InvoicePdfLink } from '@tributary/billing/invoice/invoice-pdf-links';
import { MINUTE, SECOND } from '@tributary/kit/clock';
import { toGlobalId } from '@tributary/kit/ids';

const invoiceId = '01920000-0000-7000-8000-000000000001';
const now = new Date('2026-06-15T12:00:00.000Z');
const links = createInvoicePdfLinks({ publicBaseUrl: 'https://shop.test/pay/', key: new Uint8Array(32).fill(7) });

function partsOf(url: string): InvoicePdfLink {
  const { pathname, searchParams } = new URL(url);
  const [, id = ''] = /\/invoices\/(.+)\.pdf$/.exec(pathname) ?? [];
  return { id, expires: searchParams.get('expires')!, signature: searchParams.get('signature')! };
}
const link = partsOf(links.urlOf(invoiceId, now));
const after = (milliseconds: number) => new Date(now.getTime() + milliseconds);

test('a link stands below the public address, also when that has a path', () => {
  expect(links.urlOf(invoiceId, now)).toMatch(
    new RegExp(
      `^https://shop\\.test/pay/invoices/${toGlobalId('Invoice', invoiceId)}\\.pdf\\?expires=\\d+&signature=[\\w-]{43}$`,
    ),
  );
});

test('a link names its invoice for ten minutes', () => {
  expect(links.read(link, now)).toBe(invoiceId);
  expect(links.read(link, after(10 * MINUTE - SECOND))).toBe(invoiceId);
  expect(links.read(link, after(10 * MINUTE))).toBeNull();
});

test.each<[what: string, changed: Partial<InvoicePdfLink>]>([
  ['another invoice', { id: toGlobalId('Invoice', '01920000-0000-7000-8000-000000000002') }],
  ['a later end', { expires: String(Number(link.expires) + 1) }],
  ['the same end in other digits', { expires: `0${link.expires}` }],
  ['no signature', { signature: '' }],
  ['a longer signature', { signature: `${link.signature}A` }],
  [
    'a signature with characters that decoders skip',
    { signature: `${link.signature.slice(0, -1)}.${link.signature.at(-1)}` },
  ],
  [
    'the signature of another key',
    {
      signature: partsOf(
        createInvoicePdfLinks({ publicBaseUrl: 'https://shop.test', key: new Uint8Array(32) }).urlOf(invoiceId, now),
      ).signature,
    },
  ],
])('a link with %s is refused', (_what, changed) => {
  expect(links.read({ ...link, ...changed }, now)).toBeNull();
});

test('a short key is a mistake of the operator and stops the start', () => {
  expect(() => createInvoicePdfLinks({ publicBaseUrl: 'https://shop.test', key: new Uint8Array(31) })).toThrow(
    /32 bytes/,
  );
});
