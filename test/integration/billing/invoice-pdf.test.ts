import { randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';

import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBillingServer } from '@tributary/billing';
import { PAYMENT_TIMINGS } from '@tributary/billing/payment/payment-settings';
import { createLogger, MINUTE, toGlobalId } from '@tributary/kit';
import type { SubgraphServer } from '@tributary/kit';

import { FIELD_KEYS } from '../../kit/field-keys.ts';
import { objects, people } from '../../kit/fixture.ts';
import { NOW, person, PUBLIC_BASE_URL, startBillingWorld } from './billing-world.ts';
import type { BillingWorld } from './billing-world.ts';

// Links come from one process and are followed to another: the server of the subgraph, as in a deployment of several replicas.

let world: BillingWorld;
let server: SubgraphServer;
let now = NOW;
const clock = { now: () => now };
beforeAll(async () => {
  world = await startBillingWorld({ clock });
  const { publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x = '' } = await exportJWK(publicKey);
  server = await startBillingServer(
    {
      host: '127.0.0.1',
      port: 0,
      databaseUrl: world.database.urls.billing,
      eventsUrl: world.database.urls.events,
      cursorKey: randomBytes(32),
      linkKey: new Uint8Array(32),
      fieldKeys: FIELD_KEYS,
      publicBaseUrl: PUBLIC_BASE_URL,
      internalTokenKey: { kty: 'OKP', crv: 'Ed25519', x },
      logLevel: 'silent',
      paymentTimings: PAYMENT_TIMINGS,
    },
    { logger: createLogger({ level: 'silent', name: 'test' }), clock },
  );
});
afterAll(async () => {
  await server.stop();
  await world[Symbol.asyncDispose]();
});

async function pdfUrl(invoiceId: string): Promise<string | null> {
  const reference = { __typename: 'Invoice', id: toGlobalId('Invoice', invoiceId) };
  const { data, sql } = await world.entity(person('finance'), reference, '{ id pdfUrl }');
  expect(sql).toHaveLength(1); // the invoice itself
  return (data as { pdfUrl: string | null }).pdfUrl;
}

const follow = (url: string) => fetch(url.replace(PUBLIC_BASE_URL, server.url));
const refused = { errors: [{ message: 'This link is not valid.', extensions: { code: 'FORBIDDEN' } }] };

// Texts of a document in standard fonts, in the order they were written.
function textsOf(pdf: Buffer): string[] {
  const streams = [...pdf.toString('latin1').matchAll(/stream\n(.*?)\nendstream/gs)].map(([, stream]) => {
    try {
      return inflateSync(Buffer.from(stream!, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  return [...streams.join('').matchAll(/\[([^\]]*)\] TJ/g)].map(([, parts]) =>
    [...parts!.matchAll(/<([0-9a-f]+)>/g)].map(([, hex]) => Buffer.from(hex!, 'hex').toString('latin1')).join(''),
  );
}

test('the link of an invoice leads to its document, without a token', async () => {
  const url = (await pdfUrl(objects.Invoice))!;
  const response = await follow(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  expect(response.headers.get('content-disposition')).toBe('inline; filename="invoice-TI-1.pdf"');
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  const pdf = Buffer.from(await response.arrayBuffer());
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.length).toBeLessThan(5_000);
  const texts = textsOf(pdf);
  expect(texts).toEqual(
    expect.arrayContaining([
      'Invoice TI-1',
      'Date of issue: 2026-03-01',
      'Payable until: 2026-03-15',
      'Order: T-1',
      'Ada Buyer',
      '8010 Graz',
      'Desk lamp, white',
      '22.80',
      'Subtotal',
      '24.00 EUR',
      'Amount due',
      'Invoice TI-1, page 1 of 1',
    ]),
  );
  expect(texts.filter((text) => text === '27.80 EUR')).toHaveLength(2); // the total, all of it due
  // The same invoice is the same file, byte for byte.
  expect(Buffer.from(await (await follow(url)).arrayBuffer()).equals(pdf)).toBe(true);
});

test('names in any European script are written in fonts that travel with the document', async () => {
  const bill_to = JSON.stringify({ recipient: 'Łukasz Dvořák, Ελλάδα', line1: 'Długa 1', city: 'Łódź', country: 'PL' });
  const response = await follow((await pdfUrl(await world.addInvoice({ bill_to })))!);
  expect(response.status).toBe(200);
  const pdf = Buffer.from(await response.arrayBuffer());
  expect(pdf.toString('latin1')).toContain('DejaVuSans');
  expect(pdf.length).toBeLessThan(40_000);
});

test('a void invoice says so, and names no amount due', async () => {
  const id = await world.addInvoice({ status: 'VOID', close_reason: 'reissued' });
  const texts = textsOf(Buffer.from(await (await follow((await pdfUrl(id))!)).arrayBuffer()));
  expect(texts).toContain('This invoice is void. Nothing is to be paid.');
  expect(texts).not.toContain('Amount due');
});

test('a long invoice goes over several pages, each with the head of the table', async () => {
  const id = await world.addInvoice({ status: 'DRAFT' });
  for (let position = 1; position <= 60; position += 1)
    await world.insert('billing.invoice_lines', {
      id: crypto.randomUUID(),
      invoice_id: id,
      position,
      description: `Chair ${position}, with a description that takes more than one line of the table`,
      quantity: 1,
      unit_price_minor: 100,
      total_minor: 100,
    });
  await world.database.query(
    `UPDATE billing.invoices SET status = 'OPEN', number = 'long', issued_on = '2026-06-01', due_on = '2026-06-30',
      bill_to = '{"recipient": "Ada", "line1": "1", "city": "Graz", "country": "AT"}' WHERE id = $1`,
    [id],
  );
  const texts = textsOf(Buffer.from(await (await follow((await pdfUrl(id))!)).arrayBuffer()));
  expect(texts.filter((text) => text === 'Description')).toHaveLength(3);
  expect(texts).toContain('Invoice long, page 3 of 3');
  expect(texts.filter((text) => text.startsWith('Chair'))).toHaveLength(60);
});

test('a draft has no document', async () => {
  const id = await world.addInvoice({ status: 'DRAFT', customer_id: people.buyer });
  expect(await pdfUrl(id)).toBeNull();
});

test('a link stops working after ten minutes', async () => {
  const url = (await pdfUrl(objects.Invoice))!;
  now = new Date(NOW.getTime() + 10 * MINUTE);
  const response = await follow(url);
  now = NOW;
  expect(response.status).toBe(403);
  expect(await response.json()).toEqual(refused);
});

test.each<[what: string, change: (url: URL) => void]>([
  ['for another invoice', (url) => (url.pathname = `/invoices/${toGlobalId('Invoice', people.buyer)}.pdf`)],
  ['for no invoice', (url) => (url.pathname = '/invoices/x.pdf')],
  ['without a signature', (url) => url.searchParams.delete('signature')],
  ['without an end', (url) => url.searchParams.delete('expires')],
  ['with two ends', (url) => url.searchParams.append('expires', '9999999999')],
  ['with a later end', (url) => url.searchParams.set('expires', '9999999999')],
])('a link %s is refused without a word on why', async (_what, change) => {
  const url = new URL((await pdfUrl(objects.Invoice))!);
  change(url);
  const response = await follow(url.href);
  expect(response.status).toBe(403);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await response.json()).toEqual(refused);
});

test('a link to an invoice that is gone is not found', async () => {
  const id = await world.addInvoice({ status: 'OPEN' });
  const url = (await pdfUrl(id))!;
  await world.database.query('ALTER TABLE billing.invoices DISABLE TRIGGER USER');
  await world.database.query('DELETE FROM billing.invoices WHERE id = $1', [id]);
  await world.database.query('ALTER TABLE billing.invoices ENABLE TRIGGER USER');
  const response = await follow(url);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    errors: [{ message: 'There is no such document.', extensions: { code: 'NOT_FOUND' } }],
  });
});

test('beside the documents the server stays closed to everybody but the gateway', async () => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  expect(response.status).toBe(401);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});
