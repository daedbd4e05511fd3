import { expect, test } from 'vitest';

import { parseCharge, parseEvent, parseRefund, UnusableMessage } from '@tributary/billing/provider/wire';
import type { WireCharge, WireRefund } from '@tributary/billing/provider/wire';

const charge: WireCharge = {
  reference: 'ch_1',
  idempotencyKey: 'payment-1',
  state: 'captured',
  amountMinor: '4990',
  currency: 'EUR',
  capturedMinor: '4990',
  capturedAt: '2026-11-21T12:00:00.000Z',
  actionUrl: null,
  failureCode: null,
};
const refund: WireRefund = {
  reference: 're_1',
  idempotencyKey: 'refund-1',
  chargeReference: 'ch_1',
  state: 'succeeded',
  amountMinor: '4990',
  currency: 'EUR',
  succeededAt: '2026-11-21T13:00:00.000Z',
  failureCode: null,
};
const event = { id: 'evt_1', occurredAt: '2026-11-21T12:00:01.000Z', type: 'charge', charge };
const [capturedAt, succeededAt] = [new Date('2026-11-21T12:00:00Z'), new Date('2026-11-21T13:00:00Z')];

test.each<[Partial<WireCharge>, object]>([
  [{}, { state: 'captured', reference: 'ch_1', capturedMinor: 4990n, capturedAt }],
  [{ capturedMinor: '900000000000000001' }, { capturedMinor: 900000000000000001n }],
  [{ state: 'authorized' }, { state: 'authorized', reference: 'ch_1' }],
  [{ state: 'processing' }, { state: 'processing', reference: 'ch_1' }],
  [{ state: 'released' }, { state: 'released', reference: 'ch_1' }],
  [
    { state: 'failed', failureCode: 'card_declined' },
    { state: 'failed', reference: 'ch_1', failureCode: 'card_declined' },
  ],
  [
    { state: 'requiresAction', actionUrl: 'https://bank.example/3ds' },
    { state: 'requiresAction', reference: 'ch_1', url: 'https://bank.example/3ds' },
  ],
  [{ state: 'requiresAction', actionUrl: 'http://127.0.0.1:4004/actions/ch_1' }, { state: 'requiresAction' }],
  [
    { state: 'requiresAction', actionUrl: 'HTTP://[0:0:0:0:0:0:0:1]:4004/actions/ch_1' },
    { state: 'requiresAction', url: 'http://[::1]:4004/actions/ch_1' },
  ],
])('a charge with %o becomes an outcome', (change, outcome) => {
  const parsed = parseCharge({ ...charge, ...change });
  expect(parsed).toMatchObject({ idempotencyKey: 'payment-1', outcome });
});

test('a refund becomes an outcome', () => {
  const outcomeOf = (change: Partial<WireRefund>) => parseRefund({ ...refund, ...change }).outcome;
  expect(outcomeOf({})).toEqual({ state: 'succeeded', reference: 're_1', succeededAt });
  expect(outcomeOf({ state: 'processing' })).toEqual({ state: 'processing', reference: 're_1' });
  expect(outcomeOf({ state: 'failed', failureCode: 'gone' })).toEqual({
    state: 'failed',
    reference: 're_1',
    failureCode: 'gone',
  });
});

test('an event says what it is about, under which key, and when', () => {
  const occurredAt = new Date('2026-11-21T12:00:01Z');
  expect(parseEvent(event)).toEqual({
    id: 'evt_1',
    occurredAt,
    type: 'charge',
    idempotencyKey: 'payment-1',
    outcome: { state: 'captured', reference: 'ch_1', capturedMinor: 4990n, capturedAt },
  });
  expect(parseEvent({ ...event, type: 'refund', refund })).toMatchObject({
    type: 'refund',
    idempotencyKey: 'refund-1',
  });
});

test.each<[string, object]>([
  ['an unknown state', { state: 'CAPTURED' }],
  ['no reference', { reference: undefined }],
  ['an empty key', { idempotencyKey: '' }],
  ['a reference without end', { reference: 'c'.repeat(256) }],
  ['an amount as number', { capturedMinor: 4990 }],
  ['a fraction', { capturedMinor: '49.90' }],
  ['nothing captured', { capturedMinor: '0' }],
  ['a negative amount', { capturedMinor: '-4990' }],
  ['an amount beyond any', { capturedMinor: '1'.repeat(19) }],
  ['no time', { capturedAt: null }],
  ['a time that is none', { capturedAt: 'yesterday' }],
  ['a failure without reason', { state: 'failed' }],
  ['an action without address', { state: 'requiresAction' }],
  ['an address that runs a script', { state: 'requiresAction', actionUrl: 'javascript:alert(1)' }],
  ['an address anybody can read along', { state: 'requiresAction', actionUrl: 'http://bank.example/3ds' }],
  ['an address that only looks local', { state: 'requiresAction', actionUrl: 'http://localhost.example/3ds' }],
])('a charge with %s is not usable, and its values are not repeated', (_fault, change) => {
  expect(() => parseCharge({ ...charge, ...change })).toThrow(UnusableMessage);
  expect(() => parseCharge({ ...charge, ...change })).toThrow(/^The charge (has no usable|is in an unknown) \w+\.$/);
});

test.each<[unknown]>([
  [null],
  ['ch_1'],
  [[charge]],
  [{ ...event, type: 'payout' }],
  [{ ...event, charge: undefined }],
  [{}],
])('an event like %o is not usable', (value) => {
  expect(() => parseEvent(value)).toThrow(UnusableMessage);
});
