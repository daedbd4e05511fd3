import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { expectBalancedBooks } from '../../../kit/ledger-check.ts';
import { startPaymentWorld } from '../payment-world.ts';
import type { Customer, PaymentWorld } from '../payment-world.ts';
import { commands } from './ledger-commands.ts';
import { LedgerRun } from './ledger-run.ts';

// Billing against a model of it in memory. A slice runs with all other tests; `vitest --config vitest.ledger.config.ts` runs all of it.

declare module 'vitest' {
  interface ProvidedContext {
    ledgerRuns?: number;
  }
}

const RUNS = inject('ledgerRuns') ?? 30;
const COMMANDS = 50;
// Side by side, because each spends most of its time waiting for the database.
const LANES = 3;

let world: PaymentWorld;
let customers: Customer[];
beforeAll(async () => {
  world = await startPaymentWorld();
  customers = await Promise.all(Array.from({ length: 3 }, () => world.addCustomer({ card: 'captured' })));
});
afterAll(() => world[Symbol.asyncDispose]());

test('whatever happens in whatever order, invoices, payments, refunds, balances and the ledger are what the model says', async () => {
  const seed = Date.now() % 1_000_000_000;
  let runs = 0;
  const done = new Map<string, number>();
  const lane = (number: number) =>
    fc.assert(
      fc.asyncProperty(commands(COMMANDS), async (sequence) => {
        const run = new LedgerRun(world, currencyOf((runs += 1)), customers);
        for (const command of sequence) await run.perform(command);
        await run.expectAgreement();
        for (const [name, count] of run.done) done.set(name, (done.get(name) ?? 0) + count);
      }),
      { numRuns: Math.ceil(RUNS / LANES), seed: seed + number, endOnFailure: false },
    );
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  await expectBalancedBooks(world.database);
  expect(runs).toBeGreaterThanOrEqual(RUNS);
  // Each of them took place, or the test would say nothing about it.
  expect([...done.keys()].sort()).toEqual([
    'cancel',
    'credit',
    'grant',
    'hear',
    'hearOfRefund',
    'payFromBalance',
    'payWithCard',
    'place',
    'refund',
    'reverse',
    'send',
  ]);
  const counts = [...done].sort().map(([name, count]) => `${name} ${count}`);
  console.log(`ledger model: ${runs} runs of ${COMMANDS} commands, seed ${seed}: ${counts.join(', ')}`);
}, 600_000);

/** A code of three letters that no other run has. */
function currencyOf(run: number): string {
  const letter = (digit: number) => String.fromCharCode(65 + (digit % 26));
  return letter(Math.floor(run / 676)) + letter(Math.floor(run / 26)) + letter(run);
}
