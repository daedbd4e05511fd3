import { exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';

/** A key pair of the test run. */
export interface TestKeys {
  publicKey: JWK;
  privateKey: JWK;
}

/** Signs and verifies internal tokens. */
export const internalKeys: Promise<TestKeys> = makeKeys('EdDSA');

export async function makeKeys(algorithm: string): Promise<TestKeys> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { publicKey: await toJwk(publicKey), privateKey: await toJwk(privateKey) };
}

async function toJwk(key: CryptoKey): Promise<JWK> {
  return exportJWK(key);
}
