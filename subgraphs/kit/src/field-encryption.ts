import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

// Encrypts single values of the database under keys that the database does not hold: AES-256-GCM (NIST SP 800-38D). What is stored is
//   v1.<id of the key>.<nonce>.<ciphertext>.<tag>
// with the last three as base64url, so that SQL can tell which key a value is under. Version, id and context are authenticated with it.
// Nonces are random: good for 2^32 values per key.

export interface FieldKey {
  id: string;
  /** Shows nothing of itself when it is printed by accident. */
  key: KeyObject;
}

export interface FieldCipher {
  /** What everything that `encrypt` returns begins with, and nothing under another key does. */
  readonly prefix: string;
  /** `context` names the place of the value; what is moved to another place cannot be read there. */
  encrypt(text: string, context: string): string;
  /** Throws `UnreadableField`. */
  decrypt(stored: string, context: string): string;
}

/** A stored value that cannot be read. Holds nothing of it but the id of its key; null where it has no such form. */
export class UnreadableField extends Error {
  override name = 'UnreadableField';
  readonly keyId: string | null;
  constructor(reason: string, keyId: string | null) {
    super(`A stored secret cannot be read: ${reason}.`);
    this.keyId = keyId;
  }
}

const VERSION = 'v1';
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const STORED = /^v1\.([a-z0-9][a-z0-9_-]{0,31})\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/;

/**
 * Keys as `id:base64` with commas between them: the first one encrypts, all of them decrypt. The reasons thrown here are shown to the
 * operator and never repeat the text.
 */
export function parseFieldKeys(text: string): readonly FieldKey[] {
  const keys = text.split(',').map((each) => parseFieldKey(each.trim()));
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new Error('two of the keys have the same id');
  if (keys.some(({ key }, index) => keys.slice(0, index).some((other) => other.key.equals(key))))
    throw new Error('one key stands there twice');
  return keys;
}

/** The text that `parseFieldKeys` reads. */
export const formatFieldKeys = (keys: readonly FieldKey[]): string =>
  keys.map(({ id, key }) => `${id}:${key.export().toString('base64url')}`).join(',');

/** A new key, as text. */
export const newFieldKey = (id: string): string => `${id}:${randomBytes(KEY_BYTES).toString('base64url')}`;

/** The first key encrypts, all of them decrypt. */
export function createFieldCipher(keys: readonly FieldKey[]): FieldCipher {
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  const [newest] = keys;
  if (!newest) throw new Error('There is no key to encrypt with.');
  const prefix = `${VERSION}.${newest.id}.`;
  return {
    prefix,
    encrypt(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, newest.key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associatedData(newest.id, context));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return prefix + [nonce, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.');
    },
    decrypt(stored, context) {
      const [, keyId, nonce, ciphertext, tag] = STORED.exec(stored) ?? [];
      if (keyId === undefined) throw new UnreadableField('it has an unknown form', null);
      const key = byId.get(keyId);
      if (!key) throw new UnreadableField(`the key "${keyId}" is not among those that were given`, keyId);
      const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce!, 'base64url'), { authTagLength: TAG_BYTES });
      decipher.setAAD(associatedData(keyId, context));
      decipher.setAuthTag(Buffer.from(tag!, 'base64url'));
      try {
        return Buffer.concat([decipher.update(ciphertext!, 'base64url'), decipher.final()]).toString('utf8');
      } catch {
        throw new UnreadableField(`it was changed or moved, or the key "${keyId}" is another one`, keyId);
      }
    },
  };
}

function parseFieldKey(text: string): FieldKey {
  const [id = '', encoded, ...rest] = text.split(':');
  if (encoded === undefined || rest.length > 0) throw new Error('a key is not of the form id:base64');
  if (!KEY_ID.test(id))
    throw new Error(
      'the id of a key is 1 to 32 lower-case letters, digits, - and _, and begins with a letter or digit',
    );
  if (!/^[\w+/-]+={0,2}$/.test(encoded)) throw new Error('a key is not base64');
  const key = Buffer.from(encoded, 'base64'); // takes both alphabets
  if (key.length !== KEY_BYTES) throw new Error(`a key does not have ${KEY_BYTES} bytes`);
  return { id, key: createSecretKey(key) };
}

const associatedData = (keyId: string, context: string) => Buffer.from(`${VERSION}.${keyId}.${context}`, 'utf8');
