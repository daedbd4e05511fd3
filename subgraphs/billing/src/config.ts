import { HOUR, MINUTE, SECOND } from '@tributary/kit/clock';
import { readConfig } from '@tributary/kit/config';
import type { ConfigReader, Environment } from '@tributary/kit/config';
import { parseFieldKeys } from '@tributary/kit/field-encryption';
import type { FieldKey } from '@tributary/kit/field-encryption';
import { parseKey } from '@tributary/kit/secrets';
import { readRequiredSecret, readSubgraphSettings } from '@tributary/kit/subgraph-settings';
import type { SubgraphSettings } from '@tributary/kit/subgraph-settings';

import { PAYMENT_TIMINGS } from './payment/payment-settings.ts';
import type { PaymentTimings } from './payment/payment-settings.ts';

// Imports single modules, because the all-in-one process reads settings before it loads anything large.

/** Settings of the subgraph as a process of its own. */
export interface BillingConfig extends SubgraphSettings {
  /** Signs links to documents; the same on every replica. */
  linkKey: Uint8Array;
  /** Read the tokens of saved payment methods; the first one also encrypts. */
  fieldKeys: readonly FieldKey[];
  /** Where clients reach the documents: this process, or what stands in front of it. */
  publicBaseUrl: string;
  /** Left out: payments and refunds wait until a process that knows a provider sends them. */
  payments?: PaymentProviderConfig | undefined;
  paymentTimings: PaymentTimings;
}

export interface PaymentProviderConfig {
  /** Stored with each payment. */
  name: string;
  /** Base URL of its API. */
  url: string;
  apiKey: string;
  /** Any of them may sign what it tells, so that they can be changed one after the other. */
  webhookSecrets: readonly string[];
}

const HTTP = ['http:', 'https:'];

/** Throws one `ConfigError` naming every problem. */
export function readBillingConfig(environment: Environment = process.env): Readonly<BillingConfig> {
  return readConfig(environment, (reader) => {
    const production = reader.text('NODE_ENV', 'development') === 'production';
    const settings = readSubgraphSettings(reader, { port: 4003 });
    const publicBaseUrl = reader.optionalUrl('PUBLIC_BASE_URL', HTTP);
    // Elsewhere the fallback is this process itself, which nobody reaches from another machine.
    if (production && publicBaseUrl === undefined) reader.problem('PUBLIC_BASE_URL is required in production.');
    return {
      ...settings,
      linkKey: readRequiredSecret(reader, 'LINK_KEY', parseKey),
      fieldKeys: readRequiredSecret(reader, 'FIELD_ENCRYPTION_KEYS', parseFieldKeys),
      publicBaseUrl: publicBaseUrl ?? `http://127.0.0.1:${settings.port}`,
      payments: readPaymentProvider(reader),
      paymentTimings: readPaymentTimings(reader),
    };
  });
}

const PROVIDER = ['PAYMENT_PROVIDER_URL', 'PAYMENT_PROVIDER_NAME', 'PAYMENT_PROVIDER_KEY', 'PAYMENT_WEBHOOK_SECRET'];
const NAME = /^[a-z][a-z0-9_-]*$/;
const secret = (text: string) => text;
const secrets = (text: string) => {
  const all = text.split(',').map((each) => each.trim());
  if (all.some((each) => each === '')) throw new Error('one of the secrets is empty');
  return all;
};

/** The payment provider that is named, however billing runs; undefined: none of its settings is there. One without the others is a problem. */
export function readPaymentProvider(reader: ConfigReader): PaymentProviderConfig | undefined {
  const given = PROVIDER.filter((setting) => reader.optionalText(setting) !== undefined);
  const [first] = given;
  if (first === undefined) return undefined;
  for (const setting of PROVIDER)
    if (setting !== 'PAYMENT_PROVIDER_NAME' && !given.includes(setting))
      reader.problem(`${setting} is required when ${first} is set.`);
  const name = reader.text('PAYMENT_PROVIDER_NAME', 'devpay');
  if (!NAME.test(name)) reader.problem('PAYMENT_PROVIDER_NAME must be a word of lower-case letters, digits, - and _.');
  return {
    name,
    // What is missing was told above, and then nobody gets to see this.
    url: reader.optionalUrl('PAYMENT_PROVIDER_URL', HTTP)!,
    apiKey: reader.secret('PAYMENT_PROVIDER_KEY', secret)!,
    webhookSecrets: reader.secret('PAYMENT_WEBHOOK_SECRET', secrets)!,
  };
}

/** The same however billing runs. */
export function readPaymentTimings(reader: ConfigReader): PaymentTimings {
  const { pollMs, leaseMs, reconcileAfterMs, providerTimeoutMs } = PAYMENT_TIMINGS;
  const timings = {
    pollMs: reader.integer('PAYMENT_POLL_MS', pollMs, { min: 10, max: 1 * MINUTE }),
    leaseMs: reader.integer('PAYMENT_LEASE_MS', leaseMs, { min: SECOND, max: HOUR }),
    reconcileAfterMs: reader.integer('PAYMENT_RECONCILE_MS', reconcileAfterMs, { min: 100, max: HOUR }),
    providerTimeoutMs: reader.integer('PAYMENT_PROVIDER_TIMEOUT_MS', providerTimeoutMs, { min: 100, max: 2 * MINUTE }),
  };
  // Whoever holds a lease may ask twice: what became of a request, and then the request itself.
  if (timings.leaseMs <= 2 * timings.providerTimeoutMs)
    reader.problem('PAYMENT_LEASE_MS must be more than twice PAYMENT_PROVIDER_TIMEOUT_MS.');
  return timings;
}
