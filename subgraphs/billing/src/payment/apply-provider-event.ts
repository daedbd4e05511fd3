import sql from 'sql-template-tag';

import { SYSTEM } from '@tributary/kit';
import type { Logger, Writer, WriteTransaction } from '@tributary/kit';

import type { PaymentProvider, ProviderEvent } from '../provider/payment-provider.ts';
import { findRefundByKey } from '../refund/refund-writes.repository.ts';
import { recordRefundOutcome } from '../refund/record-refund-outcome.ts';
import { findPaymentByKey } from './payment-writes.repository.ts';
import type { PaymentSettings } from './payment-settings.ts';
import { recordChargeOutcome } from './record-charge-outcome.ts';

export type ApplyProviderEvent = (event: ProviderEvent) => Promise<void>;

export interface ProviderEventsDeps {
  provider: Pick<PaymentProvider, 'name'>;
  writer: Writer;
  settings: PaymentSettings;
  logger: Logger;
}

/**
 * Handles what the provider tells by itself, whoever checked its signature. An event that comes again has no further effect; rejecting
 * means that it should come again.
 */
export function createProviderEventHandler({
  provider,
  writer,
  settings,
  logger,
}: ProviderEventsDeps): ApplyProviderEvent {
  return (event) =>
    writer.write({ actor: SYSTEM, traceparent: null }, async (tx) => {
      if (!(await isNew(tx, provider.name, event.id))) return;
      if (!(await apply(tx, event)))
        logger.warn({ provider: provider.name, eventId: event.id }, 'the payment provider tells of something unknown');
    });

  /** False: there is no such payment or refund. */
  async function apply(tx: WriteTransaction, event: ProviderEvent): Promise<boolean> {
    const { idempotencyKey: key } = event;
    if (event.type === 'charge') {
      const id = await findPaymentByKey(tx, provider.name, key);
      if (id !== null) await recordChargeOutcome(tx, id, event.outcome, settings);
      return id !== null;
    }
    const id = await findRefundByKey(tx, key);
    if (id !== null) await recordRefundOutcome(tx, id, event.outcome);
    return id !== null;
  }
}

async function isNew(tx: WriteTransaction, provider: string, eventId: string): Promise<boolean> {
  const rows = await tx.query(
    sql`INSERT INTO billing.provider_events (provider, event_id) VALUES (${provider}, ${eventId})
      ON CONFLICT DO NOTHING RETURNING 1`,
  );
  return rows.length > 0;
}
