import { afterAll, beforeAll } from 'vitest';

import type { DevelopmentProviderServer } from '@tributary/app/development/payment-provider/index';

import { startTestPostgres } from '../../../../kit/postgres.ts';
import type { TestDatabase } from '../../../../kit/postgres.ts';
import { testPaymentProvider } from '../../../billing/provider/payment-provider-contract.ts';
import { act, adapterFor, IMPATIENT_MS, providerConfig, startProvider, startShop } from './provider-world.ts';
import type { Shop } from './provider-world.ts';

let database: TestDatabase;
let shop: Shop;
let server: DevelopmentProviderServer;
beforeAll(async () => {
  database = await startTestPostgres();
  shop = await startShop();
  server = await startProvider(providerConfig(database, shop));
});
afterAll(async () => {
  await server.stop();
  await shop[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

testPaymentProvider(
  () => ({
    provider: adapterFor(server.url),
    impatient: adapterFor(server.url, IMPATIENT_MS),
    act: async (url, decision) => void (await act(url, decision)),
  }),
  {
    good: 'tok_visa',
    authorizes: 'tok_authorizeOnly',
    declined: {
      tok_chargeDeclined: 'card_declined',
      tok_insufficientFunds: 'insufficient_funds',
      tok_expiredCard: 'expired_card',
    },
    requiresAction: 'tok_threeDSecure',
    asynchronous: 'tok_async',
    asynchronouslyDeclined: { token: 'tok_asyncDeclined', failureCode: 'account_closed' },
    unanswered: ['tok_timeout', 'tok_serverError'],
    asynchronousRefund: 'tok_asyncRefund',
    refundDeclined: { token: 'tok_refundDeclined', failureCode: 'refund_declined' },
    asynchronousRefundDeclined: { token: 'tok_asyncRefundDeclined', failureCode: 'refund_declined' },
  },
);
