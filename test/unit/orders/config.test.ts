import { expect, test } from 'vitest';

import { readOrdersConfig } from '@tributary/orders/config';

const environment = {
  DATABASE_URL: 'postgres://orders_app:secret@127.0.0.1/tributary',
  EVENTS_URL: 'postgres://events_app:secret@127.0.0.1/tributary',
  CURSOR_KEY: Buffer.alloc(32, 7).toString('base64url'),
  INTERNAL_TOKEN_PUBLIC_KEY: JSON.stringify({
    kty: 'OKP',
    crv: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  }),
};
const [minute, day] = [60_000, 86_400_000];

test('the subgraph listens on 4002 of this machine unless told otherwise', () => {
  expect(readOrdersConfig(environment)).toMatchObject({ host: '127.0.0.1', port: 4002 });
});

test('a card has half an hour, an invoice a day, a transfer and a reservation a week', () => {
  expect(readOrdersConfig(environment).deadlines).toEqual({
    chargeMs: 30 * minute,
    invoiceMs: day,
    transferGraceMs: 7 * day,
    captureMs: 7 * day,
    checkIntervalMs: 5_000,
  });
});

test('deadlines are set in milliseconds', () => {
  const deadlines = {
    ORDER_CHARGE_DEADLINE_MS: '1000',
    ORDER_INVOICE_DEADLINE_MS: '2000',
    ORDER_TRANSFER_GRACE_MS: '0',
    ORDER_CAPTURE_DEADLINE_MS: '3000',
    ORDER_DEADLINE_CHECK_MS: '50',
  };
  expect(readOrdersConfig({ ...environment, ...deadlines }).deadlines).toEqual({
    chargeMs: 1_000,
    invoiceMs: 2_000,
    transferGraceMs: 0,
    captureMs: 3_000,
    checkIntervalMs: 50,
  });
});

test('deadlines have bounds, and all that lie outside are told at once', () => {
  const outside = {
    ORDER_CHARGE_DEADLINE_MS: '999',
    ORDER_INVOICE_DEADLINE_MS: String(30 * day + 1),
    ORDER_TRANSFER_GRACE_MS: '-1',
    ORDER_CAPTURE_DEADLINE_MS: String(90 * day + 1),
    ORDER_DEADLINE_CHECK_MS: '0',
  };
  expect(() => readOrdersConfig({ ...environment, ...outside })).toThrow(
    expect.objectContaining({
      problems: [
        'ORDER_CHARGE_DEADLINE_MS must be a whole number from 1000 to 2592000000, not "999".',
        'ORDER_INVOICE_DEADLINE_MS must be a whole number from 1000 to 2592000000, not "2592000001".',
        'ORDER_TRANSFER_GRACE_MS must be a whole number from 0 to 31536000000, not "-1".',
        'ORDER_CAPTURE_DEADLINE_MS must be a whole number from 1000 to 7776000000, not "7776000001".',
        'ORDER_DEADLINE_CHECK_MS must be a whole number from 10 to 3600000, not "0".',
      ],
    }),
  );
});
