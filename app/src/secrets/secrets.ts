import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';

import { newFieldKey, parseFieldKeys } from '@tributary/kit/field-encryption';
import type { FieldKey } from '@tributary/kit/field-encryption';

import { schemasOf } from '../config.ts';
import type { AppConfig, DatabaseConfig, DevelopmentSchemaName } from '../config.ts';
import { parseKey } from './parse-secret.ts';
import { keepSecret } from './secret-file.ts';

// Secrets that were not given are made once and kept in files below DATA_DIR, so that cursors, links, tokens and passwords outlive
// a restart.

/** Signs cursors and links. */
export async function loadKeys({
  dataDir,
  secrets,
}: AppConfig): Promise<{ cursorKey: Uint8Array; linkKey: Uint8Array }> {
  const kept = async (name: string) => parseKey(await keepSecret(pathOf(dataDir, name), () => randomText(32)));
  return {
    cursorKey: secrets.cursorKey ?? (await kept('cursor-key')),
    linkKey: secrets.linkKey ?? (await kept('link-key')),
  };
}

/** Encrypt single fields of the database. */
export async function loadFieldKeys({ dataDir, secrets }: DatabaseConfig): Promise<readonly FieldKey[]> {
  // By its id alone a key that was made elsewhere is known to be another one.
  const create = () => newFieldKey(`k${randomBytes(4).toString('hex')}`);
  return secrets.fieldKeys ?? parseFieldKeys(await keepSecret(pathOf(dataDir, 'field-encryption-keys'), create));
}

/** What a shop and its payment provider know each other by. */
export async function loadPaymentSecrets(dataDir: string): Promise<{ apiKey: string; webhookSecret: string }> {
  const kept = (name: string) => keepSecret(pathOf(dataDir, name), () => randomText(32));
  return { apiKey: await kept('payment-provider-key'), webhookSecret: await kept('payment-webhook-secret') };
}

/** Passwords of the roles that everything but the administrator signs in to the database with. */
export async function loadDatabasePasswords(config: DatabaseConfig): Promise<Record<DevelopmentSchemaName, string>> {
  const passwords = schemasOf(config).map(async (name) => {
    const given = config.secrets.databasePasswords[name];
    const kept = () => keepSecret(pathOf(config.dataDir, `${name}-database-password`), () => randomText(24));
    return [name, given ?? (await kept())];
  });
  return Object.fromEntries(await Promise.all(passwords)) as Record<DevelopmentSchemaName, string>;
}

/** The private key of the development issuer: Ed25519. */
export async function loadDevelopmentKey(dataDir: string): Promise<JWK> {
  const text = await keepSecret(pathOf(dataDir, 'development-issuer-key'), async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    return JSON.stringify(await exportJWK(privateKey));
  });
  return JSON.parse(text) as JWK;
}

const pathOf = (dataDir: string, name: string) => join(dataDir, 'secrets', name);
const randomText = (bytes: number) => randomBytes(bytes).toString('base64url');
