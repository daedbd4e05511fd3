import { join, resolve } from 'node:path';

import { readGatewayConfig, readIssuers } from '@tributary/gateway/config';
import type { GatewayConfig } from '@tributary/gateway/config';
import { readConfig } from '@tributary/kit/config';
import type { ConfigReader, Environment } from '@tributary/kit/config';
import { LOG_LEVELS } from '@tributary/kit/logger';
import type { LogLevel } from '@tributary/kit/logger';

import { findNearMisses } from './near-misses.ts';
import { parseKey, parsePassword } from './secrets/parse-secret.ts';
import { DEVELOPMENT_ISSUER } from './seed/personas.ts';

// Settings of the all-in-one process and of the commands that work on its database.

export const SUBGRAPHS = ['users', 'orders', 'billing'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

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
  /** Where clients reach this process; undefined: at the address it listens on. */
  publicBaseUrl: string | undefined;
  /** Secrets that were given. The others are made and kept below `dataDir`. */
  secrets: GivenSecrets;
}

export interface GivenSecrets {
  cursorKey: Uint8Array | undefined;
  linkKey: Uint8Array | undefined;
  databasePasswords: Readonly<Record<SubgraphName, string | undefined>>;
}

const HTTP = ['http:', 'https:'];
const POSTGRES = ['postgres:', 'postgresql:'];
const DEFAULT_DATA_DIR = join(import.meta.dirname, '..', '..', '.data');

/** Throws one `ConfigError` naming every problem. */
export function readAppConfig(environment: Environment = process.env): Readonly<AppConfig> {
  // Whatever is asked for is a setting. What is set and was never asked for, but looks alike, is a slip of the pen.
  const asked = new Set<string>();
  const observed = new Proxy(environment, {
    get: (target, name: string) => {
      asked.add(name);
      return target[name];
    },
  });
  return readConfig(observed, (reader) => {
    const config = readSettings(reader);
    const variables = Object.keys(environment).filter((name) => environment[name]);
    for (const { variable, setting } of findNearMisses(variables, [...asked]))
      reader.problem(`${variable} is not a setting. Did you mean ${setting}?`);
    return config;
  });
}

function readSettings(reader: ConfigReader): AppConfig {
  const production = reader.oneOf('NODE_ENV', ['development', 'test', 'production'], 'development') === 'production';
  const databaseUrl = readDatabaseUrl(reader);
  const publicBaseUrl = reader.optionalUrl('PUBLIC_BASE_URL', HTTP);
  if (production && publicBaseUrl === undefined)
    reader.problem('PUBLIC_BASE_URL is required in production: links to documents begin with it.');
  refuseWhatIsNotSupported(reader);

  const named = readIssuers(reader, { production });
  const isDevelopmentIssuer = ({ issuer }: { issuer: string }) =>
    URL.canParse(issuer) && new URL(issuer).host === new URL(DEVELOPMENT_ISSUER).host;
  if (production && named.some(isDevelopmentIssuer))
    reader.problem('OIDC_ISSUER must not be the development issuer in production: anybody gets its tokens.');
  const audience = reader.text('OIDC_AUDIENCE', 'tributary');
  const development = { issuer: DEVELOPMENT_ISSUER, audience, jwksUrl: '/dev/jwks.json' };
  const issuers = production ? named : [...named.filter((issuer) => !isDevelopmentIssuer(issuer)), development];

  return {
    production,
    logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    dataDir: resolve(reader.text('DATA_DIR', DEFAULT_DATA_DIR)),
    databaseUrl,
    seed: reader.oneOf('SEED', SEEDS, production ? 'none' : 'demo'),
    gateway: { ...readGatewayConfig(reader, { production }), issuers },
    developmentAudience: production ? undefined : audience,
    publicBaseUrl,
    secrets: {
      cursorKey: secret(reader, 'CURSOR_KEY', parseKey, production),
      linkKey: secret(reader, 'LINK_KEY', parseKey, production),
      // The embedded database is this process's alone; on any other server replicas have to agree.
      databasePasswords: {
        users: secret(reader, 'USERS_DATABASE_PASSWORD', parsePassword, production && databaseUrl !== undefined),
        orders: secret(reader, 'ORDERS_DATABASE_PASSWORD', parsePassword, production && databaseUrl !== undefined),
        billing: secret(reader, 'BILLING_DATABASE_PASSWORD', parsePassword, production && databaseUrl !== undefined),
      },
    },
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
