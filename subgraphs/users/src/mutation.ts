import { mutate } from '@tributary/kit';
import type { Kept, MutationCall, MutationOutcome, StoredIds, WriteTransaction } from '@tributary/kit';

import type { UsersContext } from './context.ts';

interface Change<Result> {
  operation: string;
  work: (tx: WriteTransaction) => Promise<Kept<Result>>;
  /** Only for changes that take an idempotency key. */
  input?: MutationCall<Result>['input'];
  reread?: (ids: StoredIds) => Promise<Result | null>;
}

/** Runs a mutation. What the request has read before is forgotten: the rest of its answer shows things as they are now. */
export async function change<Result>(
  context: UsersContext,
  { operation, work, input = {}, reread = async () => null }: Change<Result>,
): Promise<MutationOutcome<Result>> {
  const outcome = await mutate(context, { operation, input, work, reread });
  context.forget();
  return outcome;
}
