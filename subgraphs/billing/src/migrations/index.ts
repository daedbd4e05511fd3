import type { Migration } from '@tributary/kit/database/migrate';

import { createInvoices } from './0001-create-invoices.ts';
import { freezeFinalizedInvoices } from './0002-freeze-finalized-invoices.ts';
import { createPayments } from './0003-create-payments.ts';
import { createLedger } from './0004-create-ledger.ts';
import { createMessaging } from './0005-create-messaging.ts';
import { createPaymentMethods } from './0006-create-payment-methods.ts';
import { createRefunds } from './0007-create-refunds.ts';
import { clearProviderEvents } from './0008-clear-provider-events.ts';
import { encryptProviderTokens } from './0009-encrypt-provider-tokens.ts';
import { allowLoopbackIpv6 } from './0010-allow-loopback-ipv6.ts';
import { feedChanges } from './0011-feed-changes.ts';

/** Every migration of the schema "billing", in the order they run. */
export const migrations: readonly Migration[] = [
  createInvoices,
  freezeFinalizedInvoices,
  createPayments,
  createLedger,
  createMessaging,
  createPaymentMethods,
  createRefunds,
  clearProviderEvents,
  encryptProviderTokens,
  allowLoopbackIpv6,
  feedChanges,
];
