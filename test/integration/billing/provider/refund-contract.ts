import { expect, test } from 'vitest';

import { A_WHILE, newKey, PARALLEL, reference, refusal, requestOf } from './contract-subject.ts';
import type { ContractSubject, ContractTokens } from './contract-subject.ts';

/** What billing relies on when it gives money back. */
export function testRefunds(subject: () => ContractSubject, tokens: ContractTokens): void {
  const provider = () => subject().provider;
  const capturedReference = async (token = tokens.good) => (await provider().charge(requestOf(token))).reference!;
  const refundOf = (chargeReference: string, amountMinor: bigint, idempotencyKey = newKey()) =>
    provider().refund({ idempotencyKey, chargeReference, amountMinor, currency: 'EUR' });

  test('a captured amount is given back in parts, and not a cent more', async () => {
    const chargeReference = await capturedReference();
    const key = newKey();
    const first = await refundOf(chargeReference, 3000n, key);
    expect(first).toEqual({ state: 'succeeded', reference, succeededAt: expect.any(Date) as Date });
    expect(await provider().findRefund(key)).toEqual(first);
    await expect(refundOf(chargeReference, 1991n)).rejects.toEqual(refusal('NOT_POSSIBLE'));
    expect(await refundOf(chargeReference, 1990n)).toMatchObject({ state: 'succeeded' });
    await expect(refundOf(chargeReference, 1n)).rejects.toEqual(refusal('NOT_POSSIBLE'));
  });

  test(`${PARALLEL} equal refunds at once are one`, async () => {
    const chargeReference = await capturedReference();
    const key = newKey();
    const outcomes = await Promise.all(Array.from({ length: PARALLEL }, () => refundOf(chargeReference, 100n, key)));
    expect(outcomes).toEqual(Array.from({ length: PARALLEL }, () => outcomes[0]));
    expect(await refundOf(chargeReference, 4890n)).toMatchObject({ state: 'succeeded' }); // all the rest is left
  });

  test(`${PARALLEL} different refunds at once never give back more than there was`, async () => {
    const chargeReference = await capturedReference();
    const refunds = Array.from({ length: PARALLEL }, () => refundOf(chargeReference, 499n));
    const results = await Promise.allSettled(refunds);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal('NOT_POSSIBLE'));
  });

  test('the key of a refund belongs to it alone', async () => {
    const [one, other] = [await capturedReference(), await capturedReference()];
    const key = newKey();
    await refundOf(one, 100n, key);
    await expect(refundOf(one, 101n, key)).rejects.toEqual(refusal('IDEMPOTENCY_KEY_REUSED'));
    await expect(refundOf(other, 100n, key)).rejects.toEqual(refusal('IDEMPOTENCY_KEY_REUSED'));
  });

  test('only what was captured, in its own currency, can be refunded', async () => {
    const { reference: authorized } = await provider().charge(requestOf(tokens.good, { capture: false }));
    await expect(refundOf(authorized!, 1n)).rejects.toEqual(refusal('NOT_POSSIBLE'));
    await expect(refundOf('ch_unheardOf', 1n)).rejects.toEqual(refusal('NOT_FOUND'));
    const chargeReference = await capturedReference();
    const inDollars = { idempotencyKey: newKey(), chargeReference, amountMinor: 1n, currency: 'USD' };
    await expect(provider().refund(inDollars)).rejects.toEqual(refusal('NOT_POSSIBLE'));
  });

  test('a refund may take its time', async () => {
    const key = newKey();
    const begun = await refundOf(await capturedReference(tokens.asynchronousRefund), 4990n, key);
    expect(begun).toEqual({ state: 'processing', reference });
    await expect
      .poll(() => provider().findRefund(key), A_WHILE)
      .toEqual({ state: 'succeeded', reference: begun.reference, succeededAt: expect.any(Date) as Date });
  });

  test('a refund may fail, at once or later, and the amount can then be given back once more', async () => {
    const { token, failureCode } = tokens.refundDeclined;
    const chargeReference = await capturedReference(token);
    expect(await refundOf(chargeReference, 4990n)).toEqual({ state: 'failed', reference, failureCode });
    expect(await refundOf(chargeReference, 4990n)).toMatchObject({ state: 'failed' });

    const later = tokens.asynchronousRefundDeclined;
    const key = newKey();
    const slowReference = await capturedReference(later.token);
    expect(await refundOf(slowReference, 4990n, key)).toEqual({ state: 'processing', reference });
    await expect(refundOf(slowReference, 1n)).rejects.toEqual(refusal('NOT_POSSIBLE'));
    await expect
      .poll(() => provider().findRefund(key), A_WHILE)
      .toMatchObject({ state: 'failed', failureCode: later.failureCode });
    expect(await refundOf(slowReference, 4990n)).toMatchObject({ state: 'processing' });
  });
}
