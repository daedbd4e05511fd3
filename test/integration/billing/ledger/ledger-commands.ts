import fc from 'fast-check';

import type { Outcome } from './ledger-model.ts';

/** What may happen, with numbers that pick among what there is when its turn comes. */
export type Command =
  | { do: 'place'; account: number; net: bigint; taxPercent: bigint; card: boolean }
  | { do: 'payFromBalance' | 'payWithCard' | 'credit'; invoice: number; amount: bigint; fit: boolean }
  | { do: 'send'; payment: number }
  | { do: 'hear'; payment: number; outcome: Outcome }
  | { do: 'cancel'; invoice: number }
  | { do: 'refund'; payment: number; amount: bigint; fit: boolean }
  | { do: 'hearOfRefund'; refund: number; succeeded: boolean }
  | { do: 'grant'; account: number; amount: bigint }
  | { do: 'reverse'; gift: number };

const which = fc.nat({ max: 10_000 });
// Small, so that amounts meet: a payment of all that is due, a refund of all that came.
const amount = fc.oneof(fc.bigInt(1n, 12n), fc.bigInt(1n, 5_000n));

// Whether the amount is brought down to what is allowed; else it is often refused.
const fit = fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });

const record = <Name extends Command['do'], Rest extends object>(
  name: Name,
  rest: { [Key in keyof Rest]: fc.Arbitrary<Rest[Key]> },
) => fc.record(rest as never).map((values) => ({ do: name, ...(values as Rest) }));

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: record('place', {
      account: which,
      net: fc.oneof(fc.bigInt(0n, 12n), fc.bigInt(1n, 5_000n)),
      taxPercent: fc.constantFrom(0n, 7n, 20n),
      card: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: record('payFromBalance', { invoice: which, amount, fit }) },
  { weight: 4, arbitrary: record('payWithCard', { invoice: which, amount, fit }) },
  { weight: 2, arbitrary: record('send', { payment: which }) },
  {
    weight: 8,
    arbitrary: record('hear', {
      payment: which,
      outcome: fc.constantFrom<Outcome>(
        'captured',
        'captured',
        'captured',
        'authorized',
        'requiresAction',
        'released',
        'failed',
      ),
    }),
  },
  { weight: 3, arbitrary: record('cancel', { invoice: which }) },
  { weight: 2, arbitrary: record('credit', { invoice: which, amount, fit }) },
  { weight: 5, arbitrary: record('refund', { payment: which, amount, fit }) },
  { weight: 4, arbitrary: record('hearOfRefund', { refund: which, succeeded: fc.boolean() }) },
  { weight: 3, arbitrary: record('grant', { account: which, amount }) },
  { weight: 1, arbitrary: record('reverse', { gift: which }) },
);

export const commands = (length: number): fc.Arbitrary<Command[]> =>
  fc.array(command, { minLength: length, maxLength: length });
