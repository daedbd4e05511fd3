import { join, resolve } from 'node:path';

import { readPaymentProvider, readPaymentTimings } from '@tributary/billing/config';
import type { PaymentProviderConfig } from '@tributary/billing/config';
import type { PaymentTimings } from '@tributary/billing/payment/payment-settings';
import { readGatewayConfig, readIssuers } from '@tributary/gateway/config';
import type { GatewayConfig } from '@tributary/gateway/config';
import type { ConfigReader, Environment } from '@tributary/kit/config';
import { parseFieldKeys } from '@tributary/kit/field-encryption';
import type { FieldKey } from '@tributary/kit/field-encryption';
import { LOG_LEVELS } from '@tributary/kit/logger';
import type { LogLevel } from '@tributary/kit/logger';
import { readOrderDeadlines } from '@tributary/orders/config';
import type { OrderDeadlines } from '@tributary/orders/order/order-saga';

import { refuseDevelopmentIssuer, withDevelopmentIssuer } from './development/development-issuers.ts';
import type { ProviderBehavior } from './development/payment-provider/behavior.ts';
import { readProviderBehavior } from './development/payment-provider/config.ts';
import { parseKey, parsePassword } from './secrets/parse-secret.ts';
import { readStrictConfig } from './strict-config.ts';

// Settings of the all-in-one process and of the commands that work on its database.

export const SUBGRAPHS = ['users', 'orders', 'billing'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

/** Schemas of the database, each with a role of its own: those of the subgraphs, and the queues between them. */
export const SCHEMAS = [...SUBGRAPHS, 'events'] as const;
export type SchemaName = (typeof SCHEMAS)[number];

/** In development there is one more: that of the payment provider, which stands in for the outside world. */
export const DEVELOPMENT_SCHEMAS = [...SCHEMAS, 'provider'] as const;
export type DevelopmentSchemaName = (typeof DEVELOPMENT_SCHEMAS)[number];

/** The schemas that there are. */
export const schemasOf = ({ production }: { production: boolean }): readonly DevelopmentSchemaName[] =>
  production ? SCHEMAS : DEVELOPMENT_SCHEMAS;

const SEEDS = ['none', 'demo', 'medium', 'large'] as const;
export type SeedChoice = (typeof SEEDS)[number];

export interface AppConfig {
  production: boolean;
  logLevel: LogLevel;
  /** Absolute. Holds the embedded database and the secrets that were not given. */
  dataDir: string;
  /** Administrator's URL of a PostgreSQL; undefined: the embedded one. */
  databaseUrl: string | undefined;
  /** What an empty database is filled with. */
  seed: SeedChoice;
  gateway: GatewayConfig;
  /** Audience of the development issuer's tokens; undefined: there is no such issuer. */
  developmentAudience: string | undefined;
  /** The payment provider that is named; undefined: that of development, or in production none, and then payments wait. */
  payments: PaymentProviderConfig | undefined;
  /** How the development payment provider behaves; undefined: it does not run. */
  developmentProvider: ProviderBehavior | undefined;
  paymentTimings: PaymentTimings;
  orderDeadlines: OrderDeadlines;
  /** Whether `/` serves the explorer. */
  explorer: boolean;
  /** Where clients reach this process; undefined: at the address it listens on. */
  publicBaseUrl: string | undefined;
  /** Secrets that were given. The others are made and kept below `dataDir`. */
  secrets: GivenSecrets;
}

export interface GivenSecrets {
  cursorKey: Uint8Array | undefined;
  linkKey: Uint8Array | undefined;
  /** Encrypt single fields of the database: the first one encrypts, all of them decrypt. */
  fieldKeys: readonly FieldKey[] | undefined;
  databasePasswords: Readonly<Record<DevelopmentSchemaName, string | undefined>>;
}

const HTTP = ['http:', 'https:'];
const POSTGRES = ['postgres:', 'postgresql:'];
const DEFAULT_DATA_DIR = join(import.meta.dirname, '..', '..', '.data');

/** Settings of the steps that need the administrator's rights. */
export type DatabaseConfig = Pick<AppConfig, 'production' | 'logLevel' | 'dataDir' | 'databaseUrl' | 'seed'> & {
  secrets: Pick<GivenSecrets, 'databasePasswords' | 'fieldKeys'>;
};

/** Throws one `ConfigError` naming every problem. */
export function readAppConfig(environment: Environment = process.env): Readonly<AppConfig> {
  return readStrictConfig(environment, readAppSettings);
}

/** The part of the settings that migrating and seeding need. Throws one `ConfigError` naming every problem. */
export function readDatabaseConfig(environment: Environment = process.env): Readonly<DatabaseConfig> {
  return readStrictConfig(environment, (reader) => {
    const server = { production: readProduction(reader), databaseUrl: readDatabaseUrl(reader) };
    return {
      ...readDatabaseSettings(reader, server),
      secrets: {
        fieldKeys: secret(reader, 'FIELD_ENCRYPTION_KEYS', parseFieldKeys, server.production),
        databasePasswords: readDatabasePasswords(reader, server),
      },
    };
  });
}

export function readAppSettings(reader: ConfigReader): AppConfig {
  const production = readProduction(reader);
  const databaseUrl = readDatabaseUrl(reader);
  const publicBaseUrl = reader.optionalUrl('PUBLIC_BASE_URL', HTTP);
  if (production && publicBaseUrl === undefined)
    reader.problem('PUBLIC_BASE_URL is required in production: links to documents begin with it.');
  refuseWhatIsNotSupported(reader);

  const named = readIssuers(reader, { production });
  const audience = reader.text('OIDC_AUDIENCE', 'tributary');
  const payments = readPaymentProvider(reader);
  const issuers = production ? refuseDevelopmentIssuer(reader, named) : withDevelopmentIssuer(named, audience);
  return {
    ...readDatabaseSettings(reader, { production, databaseUrl }),
    gateway: { ...readGatewayConfig(reader, { production }), issuers },
    developmentAudience: production ? undefined : audience,
    payments,
    developmentProvider: production || payments ? undefined : readProviderBehavior(reader),
    paymentTimings: readPaymentTimings(reader),
    orderDeadlines: readOrderDeadlines(reader),
    explorer: reader.flag('EXPLORER', !production),
    publicBaseUrl,
    secrets: {
      cursorKey: secret(reader, 'CURSOR_KEY', parseKey, production),
      linkKey: secret(reader, 'LINK_KEY', parseKey, production),
      fieldKeys: secret(reader, 'FIELD_ENCRYPTION_KEYS', parseFieldKeys, production),
      databasePasswords: readDatabasePasswords(reader, { production, databaseUrl }),
    },
  };
}

type Server = Pick<AppConfig, 'production' | 'databaseUrl'>;

function readProduction(reader: ConfigReader): boolean {
  return reader.oneOf('NODE_ENV', ['development', 'test', 'production'], 'development') === 'production';
}

function readDatabaseSettings(reader: ConfigReader, { production, databaseUrl }: Server) {
  return {
    production,
    logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    dataDir: resolve(reader.text('DATA_DIR', DEFAULT_DATA_DIR)),
    databaseUrl,
    seed: reader.oneOf('SEED', SEEDS, production ? 'none' : 'demo'),
  };
}

function readDatabasePasswords(
  reader: ConfigReader,
  { production, databaseUrl }: Server,
): GivenSecrets['databasePasswords'] {
  // The embedded database is this process's alone; on any other server replicas have to agree.
  const required = production && databaseUrl !== undefined;
  return {
    users: secret(reader, 'USERS_DATABASE_PASSWORD', parsePassword, required),
    orders: secret(reader, 'ORDERS_DATABASE_PASSWORD', parsePassword, required),
    billing: secret(reader, 'BILLING_DATABASE_PASSWORD', parsePassword, required),
    events: secret(reader, 'EVENTS_DATABASE_PASSWORD', parsePassword, required),
    provider: production ? undefined : secret(reader, 'PROVIDER_DATABASE_PASSWORD', parsePassword, false),
  };
}

function readDatabaseUrl(reader: ConfigReader): string | undefined {
  const url = reader.optionalUrl('DATABASE_URL', POSTGRES);
  if (url !== undefined && URL.canParse(url) && new URL(url).pathname.length < 2)
    reader.problem('DATABASE_URL must name a database, as in postgres://user:password@host/tributary.');
  return url;
}

function secret<T>(reader: ConfigReader, name: string, parse: (text: string) => T, required: boolean): T | undefined {
  if (required && reader.optionalText(name) === undefined) reader.problem(`${name} is required in production.`);
  return reader.secret(name, parse);
}

// Settings that are planned. Ignoring one would let an operator believe that it works.
function refuseWhatIsNotSupported(reader: ConfigReader): void {
  const eventsUrl = reader.optionalText('EVENTS_URL');
  if (eventsUrl !== undefined && !/^postgres(ql)?:/.test(eventsUrl))
    reader.problem('EVENTS_URL must be "postgres:": this version sends events through the database only.');
  for (const name of ['REDIS_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'])
    if (reader.optionalText(name) !== undefined) reader.problem(`${name} is not supported by this version: remove it.`);
}
