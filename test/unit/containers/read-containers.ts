import { readDatabaseConfig } from '@tributary/app/config';
import { readDevelopmentProviderConfig } from '@tributary/app/development/payment-provider/config';
import { readGraphGatewayConfig } from '@tributary/app/services/gateway/config';
import { readBillingConfig } from '@tributary/billing/config';
import { readOrdersConfig } from '@tributary/orders/config';
import { readUsersConfig } from '@tributary/users/config';

import { readComposeFile } from './compose-file.ts';
import { containerSettings } from './container-settings.ts';

// The containers of the demo, without a container engine, and the code that reads the settings of each.

/** What `.env` holds. */
export const demo = await containerSettings('demo');
export const { services, networks } = readComposeFile(demo);
export const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);
/** Those that run until they are stopped. */
export const lasting = ours.filter(([, { restart }]) => restart !== 'no');

/** What production needs besides the settings that can be made. */
export const PRODUCTION_URLS = {
  OIDC_ISSUER: 'https://id.example.com',
  PUBLIC_BASE_URL: 'https://shop.example.com',
};

type ReadSettings = (environment: Record<string, string | undefined>) => object;
export const READERS: Readonly<Record<string, ReadSettings>> = {
  migrate: readDatabaseConfig,
  'demo-seed': readDatabaseConfig,
  users: readUsersConfig,
  orders: readOrdersConfig,
  billing: readBillingConfig,
  gateway: readGraphGatewayConfig,
  'demo-gateway': readGraphGatewayConfig,
  'demo-payment-provider': readDevelopmentProviderConfig,
};

/** The environment inside a container: the image's, and what Compose adds. */
export function environmentOf(name: string, from = services): Record<string, string> {
  return { NODE_ENV: 'production', ...from[name]!.environment };
}
