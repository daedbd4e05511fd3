import type { ConfigReader } from './config.ts';
import { LOG_LEVELS } from './logger.ts';
import type { LogLevel } from './logger.ts';
import { parseKey, parsePublicKey } from './secrets.ts';
import type { PublicKey } from './secrets.ts';

/** Settings that every subgraph has when it is a process of its own. */
export interface SubgraphSettings {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** With the login role of the subgraph. */
  databaseUrl: string;
  /** Where events go and come from: a PostgreSQL, with the login role of the queues. */
  eventsUrl: string;
  /** Signs cursors; the same on every replica. */
  cursorKey: Uint8Array;
  /** Verifies the gateway's internal tokens. */
  internalTokenKey: PublicKey;
  logLevel: LogLevel;
}

export function readSubgraphSettings(reader: ConfigReader, defaults: { port: number }): SubgraphSettings {
  return {
    host: reader.text('HOST', '127.0.0.1'),
    port: reader.integer('PORT', defaults.port, { min: 0, max: 65_535 }),
    databaseUrl: reader.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    eventsUrl: reader.url('EVENTS_URL', ['postgres:', 'postgresql:']),
    cursorKey: readRequiredSecret(reader, 'CURSOR_KEY', parseKey),
    internalTokenKey: readRequiredSecret(reader, 'INTERNAL_TOKEN_PUBLIC_KEY', parsePublicKey),
    logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
}

/** A secret without which the process cannot run. */
export function readRequiredSecret<T>(reader: ConfigReader, name: string, parse: (text: string) => T): T {
  reader.text(name); // records that it is missing
  return reader.secret(name, parse) as T; // undefined only where a problem was recorded, and then nobody gets to see it
}
