import type { RequestContext } from '../context.ts';
import { deadlineExceeded } from '../errors.ts';
import { actorOf } from '../messaging/event.ts';
import type { StoredIds } from './idempotency.ts';
import { Refusal } from './user-errors.ts';
import type { UserError } from './user-errors.ts';
import type { Kept, Origin, WriteTransaction } from './writer.ts';

export interface MutationCall<Result> {
  /** Name of the mutation field. */
  operation: string;
  /** Its input, which may hold an idempotency key. */
  input: { readonly idempotencyKey?: string | null | undefined };
  /** Does the work, in one transaction. Refusals it throws become user errors, and nothing was changed. */
  work: (tx: WriteTransaction) => Promise<Kept<Result>>;
  /** Reads again what an earlier call with the same key made. */
  reread: (ids: StoredIds) => Promise<Result | null>;
}

/** What the payload of a mutation is made of. */
export interface MutationOutcome<Result> {
  result: Result | null;
  replayed: boolean;
  userErrors: readonly UserError[];
}

/** Runs a mutation for the caller of this request. */
export async function mutate<Result>(
  context: RequestContext,
  { operation, input, work, reread }: MutationCall<Result>,
): Promise<MutationOutcome<Result>> {
  // Nobody would learn of a change that starts now.
  if (context.clock.now().getTime() >= context.deadline) throw deadlineExceeded();
  const origin = originOf(context);
  const { idempotencyKey, ...rest } = input;
  try {
    if (idempotencyKey === undefined || idempotencyKey === null) {
      const { result } = await context.writer.write(origin, work);
      return { result, replayed: false, userErrors: [] };
    }
    const once = await context.writer.writeOnce(origin, { operation, key: idempotencyKey, input: rest }, work);
    const result = once.replayed ? await reread(once.ids) : once.result;
    return { result, replayed: once.replayed, userErrors: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { result: null, replayed: false, userErrors: error.userErrors };
  }
}

export const originOf = ({ principal, traceparent }: RequestContext): Origin => ({
  actor: actorOf(principal),
  traceparent,
});
