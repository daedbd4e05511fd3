import { parseFieldKeys, parseKey, readConfig, readRequiredSecret, readSubgraphSettings } from '@tributary/kit';
import type { ConfigReader, Environment, FieldKey, SubgraphSettings } from '@tributary/kit';

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

/** Throws one `ConfigError` naming every problem. */
export function readBillingConfig(environment: Environment = process.env): Readonly<BillingConfig> {
  return readConfig(environment, (reader) => {
    const production = reader.text('NODE_ENV', 'development') === 'production';
    const settings = readSubgraphSettings(reader, { port: 4003 });
    const publicBaseUrl = reader.optionalUrl('PUBLIC_BASE_URL', ['http:', 'https:']);
    // Elsewhere the fallback is this process itself, which nobody reaches from another machine.
    if (production && publicBaseUrl === undefined) reader.problem('PUBLIC_BASE_URL is required in production.');
    return {
      ...settings,
      linkKey: readRequiredSecret(reader, 'LINK_KEY', parseKey),
      fieldKeys: readRequiredSecret(reader, 'FIELD_ENCRYPTION_KEYS', parseFieldKeys),
      publicBaseUrl: publicBaseUrl ?? `http://127.0.0.1:${settings.port}`,
      payments: readPaymentProvider(reader),
    };
  });
}

const NAME = /^[a-z][a-z0-9_-]*$/;
const secret = (text: string) => text;
const secrets = (text: string) => {
  const all = text.split(',').map((each) => each.trim());
  if (all.some((each) => each === '')) throw new Error('one of the secrets is empty');
  return all;
};

function readPaymentProvider(reader: ConfigReader): PaymentProviderConfig | undefined {
  const url = reader.optionalUrl('PAYMENT_PROVIDER_URL', ['http:', 'https:']);
  if (url === undefined) return undefined;
  const name = reader.text('PAYMENT_PROVIDER_NAME', 'devpay');
  if (!NAME.test(name)) reader.problem('PAYMENT_PROVIDER_NAME must be a word of lower-case letters, digits, - and _.');
  return {
    name,
    url,
    apiKey: readRequiredSecret(reader, 'PAYMENT_PROVIDER_KEY', secret),
    webhookSecrets: readRequiredSecret(reader, 'PAYMENT_WEBHOOK_SECRET', secrets),
  };
}
