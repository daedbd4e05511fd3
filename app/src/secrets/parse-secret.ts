// Secrets as text. The reasons thrown here are shown to the operator and never repeat the text.

const MIN_KEY_BYTES = 32;
const MIN_PASSWORD_LENGTH = 16;

/** A key of at least 32 bytes, as base64url. */
export function parseKey(text: string): Uint8Array {
  if (!/^[\w-]+={0,2}$/.test(text)) throw new Error('it is not base64url');
  const key = Buffer.from(text, 'base64url');
  if (key.length < MIN_KEY_BYTES) throw new Error(`it has less than ${MIN_KEY_BYTES} bytes`);
  return key;
}

/** A password of a database role: printable ASCII, so that it means the same to every client. */
export function parsePassword(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Error('it has characters other than printable ASCII');
  if (text.length < MIN_PASSWORD_LENGTH) throw new Error(`it has less than ${MIN_PASSWORD_LENGTH} characters`);
  return text;
}
