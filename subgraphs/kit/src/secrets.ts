// Secrets as text. The reasons thrown here are shown to the operator and never repeat the text.

const MIN_KEY_BYTES = 32;

/** An Ed25519 public key as JWK. */
export interface PublicKey {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
}

/** A key of at least 32 bytes, as base64url. */
export function parseKey(text: string): Uint8Array {
  if (!/^[\w-]+={0,2}$/.test(text)) throw new Error('it is not base64url');
  const key = Buffer.from(text, 'base64url');
  if (key.length < MIN_KEY_BYTES) throw new Error(`it has less than ${MIN_KEY_BYTES} bytes`);
  return key;
}

/** An Ed25519 public key, as JWK. */
export function parsePublicKey(text: string): PublicKey {
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
