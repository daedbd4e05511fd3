import { LOG_LEVELS, readConfig } from '@tributary/kit';
import type { ConfigReader, Environment, LogLevel } from '@tributary/kit';

/** An Ed25519 public key as JWK. */
export interface PublicKey {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
}

/** Settings of the subgraph as a process of its own. */
export interface BillingConfig {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** With the login role of this subgraph. */
  databaseUrl: string;
  /** Signs cursors; the same on every replica. */
  cursorKey: Uint8Array;
  /** Signs links to documents; the same on every replica. */
  linkKey: Uint8Array;
  /** Where clients reach the documents: this process, or what stands in front of it. */
  publicBaseUrl: string;
  /** Verifies the gateway's internal tokens. */
  internalTokenKey: PublicKey;
  logLevel: LogLevel;
}

const MIN_KEY_BYTES = 32;

/** Throws one `ConfigError` naming every problem. */
export function readBillingConfig(environment: Environment = process.env): Readonly<BillingConfig> {
  return readConfig(environment, (reader) => {
    const production = reader.text('NODE_ENV', 'development') === 'production';
    const port = reader.integer('PORT', 4003, { min: 0, max: 65_535 });
    const publicBaseUrl = reader.optionalUrl('PUBLIC_BASE_URL', ['http:', 'https:']);
    // Elsewhere the fallback is this process itself, which nobody reaches from another machine.
    if (production && publicBaseUrl === undefined) reader.problem('PUBLIC_BASE_URL is required in production.');
    return {
      host: reader.text('HOST', '127.0.0.1'),
      port,
      databaseUrl: reader.url('DATABASE_URL', ['postgres:', 'postgresql:']),
      cursorKey: requiredSecret(reader, 'CURSOR_KEY', parseKey),
      linkKey: requiredSecret(reader, 'LINK_KEY', parseKey),
      publicBaseUrl: publicBaseUrl ?? `http://127.0.0.1:${port}`,
      internalTokenKey: requiredSecret(reader, 'INTERNAL_TOKEN_PUBLIC_KEY', parsePublicKey),
      logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    };
  });
}

function requiredSecret<T>(reader: ConfigReader, name: string, parse: (text: string) => T): T {
  reader.text(name); // records that it is missing
  return reader.secret(name, parse) as T; // undefined only where a problem was recorded, and then nobody gets to see it
}

function parseKey(text: string): Uint8Array {
  if (!/^[\w-]+={0,2}$/.test(text)) throw new Error('it is not base64url');
  const key = Buffer.from(text, 'base64url');
  if (key.length < MIN_KEY_BYTES) throw new Error(`it has less than ${MIN_KEY_BYTES} bytes`);
  return key;
}

function parsePublicKey(text: string): PublicKey {
  let key: Partial<Record<string, unknown>> | null;
  try {
    key = JSON.parse(text) as typeof key;
  } catch {
    throw new Error('it is not JSON');
  }
  if (key?.kty !== 'OKP' || key.crv !== 'Ed25519' || typeof key.x !== 'string')
    throw new Error('it is not an Ed25519 public key as JWK');
  // Whoever holds the private key can speak for everybody; it belongs to the gateway alone.
  if ('d' in key) throw new Error('it is a private key');
  return { kty: key.kty, crv: key.crv, x: key.x };
}
