import { expect, test } from 'vitest';

import { OutcomeUnknown } from '@tributary/billing/provider/payment-provider';
import type { ChargeOutcome, ChargeRequest } from '@tributary/billing/provider/payment-provider';

import { A_WHILE, newKey, PARALLEL, reference, refusal, requestOf } from './contract-subject.ts';
import type { ContractSubject, ContractTokens } from './contract-subject.ts';
import { testRefunds } from './refund-contract.ts';

// What billing relies on, asked of any provider together with its adapter.

const capturedAt = expect.any(Date) as Date;
const captured = (capturedMinor: bigint) => ({ state: 'captured', reference, capturedMinor, capturedAt });

export function testPaymentProvider(subject: () => ContractSubject, tokens: ContractTokens): void {
  const provider = () => subject().provider;
  const chargeWith = async (token: string, change?: Partial<ChargeRequest>): Promise<ChargeOutcome> =>
    provider().charge(requestOf(token, change));
  async function pageOf(token: string) {
    const request = requestOf(token);
    const outcome = await provider().charge(request);
    if (outcome.state !== 'requiresAction') throw new Error(`The charge is ${outcome.state}.`);
    return { ...outcome, key: request.idempotencyKey };
  }

  test('a good card is charged at once', async () => {
    expect(await chargeWith(tokens.good)).toEqual(captured(4990n));
  });

  test('an amount beyond the integers of JavaScript arrives as it is', async () => {
    const amountMinor = 900_000_000_000_000_001n;
    expect(await chargeWith(tokens.good, { amountMinor })).toEqual(captured(amountMinor));
  });

  test.each(Object.entries(tokens.declined))('%s is declined with %s', async (token, failureCode) => {
    const request = requestOf(token);
    const failed = { state: 'failed', reference, failureCode };
    expect(await provider().charge(request)).toEqual(failed);
    expect(await provider().findCharge(request.idempotencyKey)).toEqual(failed);
  });

  test('a charge that nobody asked for is not found', async () => {
    expect(await provider().findCharge(newKey())).toBeNull();
    expect(await provider().findRefund(newKey())).toBeNull();
  });

  test('a payment method that does not exist is refused, and nothing is kept', async () => {
    const request = requestOf('tok_unheardOf');
    await expect(provider().charge(request)).rejects.toEqual(refusal('NOT_FOUND'));
    expect(await provider().findCharge(request.idempotencyKey)).toBeNull();
  });

  test('a request that makes no sense is refused, and nothing is kept', async () => {
    const request = requestOf(tokens.good, { currency: 'eur' });
    await expect(provider().charge(request)).rejects.toEqual(refusal('INVALID_REQUEST'));
    expect(await provider().findCharge(request.idempotencyKey)).toBeNull();
  });

  test('what was authorized is captured, in whole or in part, once', async () => {
    for (const [token, amountMinor] of [
      [tokens.good, 4990n],
      [tokens.authorizes, 1990n],
    ] as const) {
      const request = requestOf(token, { capture: token !== tokens.good });
      const authorized = await provider().charge(request);
      expect(authorized).toEqual({ state: 'authorized', reference });
      const capture = { reference: authorized.reference!, amountMinor };
      const first = await provider().capture(capture);
      expect(first).toEqual({ ...captured(amountMinor), reference: authorized.reference });
      expect(await provider().capture(capture)).toEqual(first);
      expect(await provider().findCharge(request.idempotencyKey)).toEqual(first);
      await expect(provider().capture({ ...capture, amountMinor: 1n })).rejects.toEqual(refusal('NOT_POSSIBLE'));
    }
  });

  test('no more is captured than was authorized', async () => {
    const { reference: authorized } = await chargeWith(tokens.good, { capture: false });
    const capture = { reference: authorized!, amountMinor: 4991n };
    await expect(provider().capture(capture)).rejects.toEqual(refusal('NOT_POSSIBLE'));
    await expect(provider().capture({ ...capture, reference: 'ch_unheardOf' })).rejects.toEqual(refusal('NOT_FOUND'));
  });

  test('what was authorized can be released, and then not be captured anymore', async () => {
    const { reference: authorized } = await chargeWith(tokens.good, { capture: false });
    const released = { state: 'released', reference: authorized };
    expect(await provider().release({ reference: authorized! })).toEqual(released);
    expect(await provider().release({ reference: authorized! })).toEqual(released);
    const capture = { reference: authorized!, amountMinor: 4990n };
    await expect(provider().capture(capture)).rejects.toEqual(refusal('NOT_POSSIBLE'));
  });

  test('a release that comes too late tells what the charge has become', async () => {
    const outcome = await chargeWith(tokens.good);
    expect(await provider().release({ reference: outcome.reference! })).toEqual(outcome);
  });

  test('of a capture and a release at the same moment one wins, and both learn which', async () => {
    const { reference: authorized } = await chargeWith(tokens.good, { capture: false });
    const [capture, release] = await Promise.allSettled([
      provider().capture({ reference: authorized!, amountMinor: 4990n }),
      provider().release({ reference: authorized! }),
    ]);
    const won = capture.status === 'fulfilled' ? captured(4990n) : { state: 'released', reference: authorized };
    expect(release).toEqual({ status: 'fulfilled', value: won });
    if (capture.status === 'rejected') expect(capture.reason).toEqual(refusal('NOT_POSSIBLE'));
  });

  test.each([
    ['confirm', true, captured(4990n)],
    ['decline', true, { state: 'failed', reference, failureCode: expect.any(String) as string }],
    ['confirm', false, { state: 'authorized', reference }],
  ] as const)('a payer who must act and chooses to %s (capture: %s) decides', async (decision, capture, expected) => {
    const request = requestOf(tokens.requiresAction, { capture });
    const begun = await provider().charge(request);
    expect(begun).toEqual({ state: 'requiresAction', reference, url: expect.any(String) as string });
    if (begun.state !== 'requiresAction') return;
    expect(await provider().findCharge(request.idempotencyKey)).toEqual(begun);
    await subject().act(begun.url, decision);
    expect(await provider().findCharge(request.idempotencyKey)).toEqual({ ...expected, reference: begun.reference });
    await subject().act(begun.url, decision === 'confirm' ? 'decline' : 'confirm'); // too late
    expect(await provider().findCharge(request.idempotencyKey)).toMatchObject({ state: expected.state });
  });

  test('a charge that waits for the payer can be released, and the payer then comes too late', async () => {
    const { reference: waiting, url, key } = await pageOf(tokens.requiresAction);
    const released = { state: 'released', reference: waiting };
    expect(await provider().release({ reference: waiting })).toEqual(released);
    await subject().act(url, 'confirm');
    expect(await provider().findCharge(key)).toEqual(released);
  });

  test('what is processed comes to its end by itself, and cannot be released before', async () => {
    const request = requestOf(tokens.asynchronous);
    const begun = await provider().charge(request);
    expect(begun).toEqual({ state: 'processing', reference });
    expect(['processing', 'captured']).toContain((await provider().release({ reference: begun.reference! })).state);
    await expect
      .poll(() => provider().findCharge(request.idempotencyKey), A_WHILE)
      .toEqual({ ...captured(4990n), reference: begun.reference });
  });

  test('what is processed may also end in a failure', async () => {
    const { token, failureCode } = tokens.asynchronouslyDeclined;
    const request = requestOf(token);
    const begun = await provider().charge(request);
    expect(begun).toEqual({ state: 'processing', reference });
    await expect
      .poll(() => provider().findCharge(request.idempotencyKey), A_WHILE)
      .toEqual({ state: 'failed', reference: begun.reference, failureCode });
  });

  test(`${PARALLEL} equal requests at once are one charge and get one answer`, async () => {
    const request = requestOf(tokens.good);
    const outcomes = await Promise.all(Array.from({ length: PARALLEL }, () => provider().charge(request)));
    expect(new Set(outcomes.map((outcome) => outcome.reference))).toEqual(new Set([outcomes[0]!.reference]));
    expect(outcomes).toEqual(Array.from({ length: PARALLEL }, () => outcomes[0]));
  });

  test('a repeat is answered as the first time, also after things have moved on', async () => {
    const request = requestOf(tokens.requiresAction);
    const first = await provider().charge(request);
    if (first.state === 'requiresAction') await subject().act(first.url, 'confirm');
    expect(await provider().charge(request)).toEqual(first);
    expect(await provider().findCharge(request.idempotencyKey)).toEqual(captured(4990n));
  });

  test.each<[string, Partial<ChargeRequest>]>([
    ['amount', { amountMinor: 4991n }],
    ['currency', { currency: 'USD' }],
    ['payment method', { methodToken: tokens.requiresAction }],
    ['way to capture', { capture: false }],
  ])('the same key with another %s is refused', async (_what, change) => {
    const request = requestOf(tokens.good);
    const outcome = await provider().charge(request);
    await expect(provider().charge({ ...request, ...change })).rejects.toEqual(refusal('IDEMPOTENCY_KEY_REUSED'));
    expect(await provider().findCharge(request.idempotencyKey)).toEqual(outcome);
  });

  test.each(tokens.unanswered)('%s is charged although no answer arrives; asking and repeating tell', async (token) => {
    const { impatient } = subject();
    const request = requestOf(token);
    await expect(impatient.charge(request)).rejects.toThrow(OutcomeUnknown);
    await expect.poll(() => provider().findCharge(request.idempotencyKey), A_WHILE).toEqual(captured(4990n));
    const found = await provider().findCharge(request.idempotencyKey);
    expect(await provider().charge(request)).toEqual(found);

    const chargeReference = found!.reference!;
    const refund = { idempotencyKey: newKey(), chargeReference, amountMinor: 990n, currency: 'EUR' };
    await expect(impatient.refund(refund)).rejects.toThrow(OutcomeUnknown);
    await expect
      .poll(() => provider().findRefund(refund.idempotencyKey), A_WHILE)
      .toMatchObject({ state: 'succeeded' });
    const refunded = await provider().findRefund(refund.idempotencyKey);
    expect(await provider().refund(refund)).toEqual(refunded);
  });

  testRefunds(subject, tokens);
}
