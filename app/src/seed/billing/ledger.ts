import type { Posting } from '@tributary/billing/ledger/postings';
import { invariant } from '@tributary/kit/invariant';

import type { AddRow } from '../load/tables.ts';
import type { Random } from '../random.ts';
import { instant } from '../time.ts';
/** A posting of the past. */
export type PastPosting = Posting & { postedAt: number; reversesId?: string };

/** Writes a posting and gives its id. */
export type Post = (posting: PastPosting) => string;

/** Refuses what does not balance. */
export function createLedger(random: Random, add: AddRow): Post {
  return ({ kind, sourceType, sourceId, postedAt, currency, entries, reversesId }) => {
    const id = random.uuid(postedAt);
    add('billing.ledger_transactions', {
      id,
      kind,
      source_type: sourceType,
      source_id: sourceId,
      reverses_id: reversesId ?? null,
      posted_at: instant(postedAt),
      created_at: instant(postedAt),
    });
    let difference = 0n;
    let lineNo = 0;
    for (const { account, side, amountMinor, subAccountId } of entries) {
      difference += side === 'DEBIT' ? amountMinor : -amountMinor;
      if (amountMinor === 0n) continue;
      add('billing.ledger_entries', {
        transaction_id: id,
        line_no: (lineNo += 1),
        account_code: account,
        sub_account_id: subAccountId,
        side,
        amount_minor: amountMinor,
        currency,
      });
    }
    invariant(difference === 0n && lineNo > 0, `The posting ${kind} does not balance.`);
    return id;
  };
}
