import { parseKey, readConfig, readRequiredSecret, readSubgraphSettings } from '@tributary/kit';
import type { Environment, SubgraphSettings } from '@tributary/kit';

/** Settings of the subgraph as a process of its own. */
export interface BillingConfig extends SubgraphSettings {
  /** Signs links to documents; the same on every replica. */
  linkKey: Uint8Array;
  /** Where clients reach the documents: this process, or what stands in front of it. */
  publicBaseUrl: string;
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
      publicBaseUrl: publicBaseUrl ?? `http://127.0.0.1:${settings.port}`,
    };
  });
}
