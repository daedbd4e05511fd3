import type { PaymentProviderConfig } from '../config.ts';
import type { PaymentDependencies } from '../create-billing-subgraph.ts';
import type { PaymentTimings } from '../payment/payment-settings.ts';
import { createHttpPaymentProvider } from './http-payment-provider.ts';

/** What billing needs to pay through a provider that is reached over HTTP. */
export function paymentsOverHttp(
  { name, url, apiKey, webhookSecrets }: PaymentProviderConfig,
  { providerTimeoutMs, ...settings }: PaymentTimings,
): PaymentDependencies {
  const provider = createHttpPaymentProvider({ name, url, apiKey, timeoutMs: providerTimeoutMs });
  return { provider, webhookSecrets, settings };
}
