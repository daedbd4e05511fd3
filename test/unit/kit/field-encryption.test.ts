import { inspect } from 'node:util';

import { describe, expect, test } from 'vitest';

import {
  createFieldCipher,
  formatFieldKeys,
  newFieldKey,
  parseFieldKeys,
  UnreadableField,
} from '@tributary/kit/field-encryption';

const keyOf = (id: string, byte: number, encoding: BufferEncoding = 'base64url') =>
  `${id}:${Buffer.alloc(32, byte).toString(encoding)}`;
const cipherOf = (...keys: string[]) => createFieldCipher(parseFieldKeys(keys.join(',')));
const [OLD, NEW] = [keyOf('old', 1), keyOf('new', 2)];
const old = cipherOf(OLD);

const failureOf = (read: () => string) => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableField)) throw error;
    return { keyId: error.keyId, message: error.message, cause: error.cause };
  }
};

test('what was encrypted is read again in its place, and looks different each time', () => {
  const [first, second] = [old.encrypt('tok_visa', 'row 1'), old.encrypt('tok_visa', 'row 1')];
  expect([old.decrypt(first, 'row 1'), old.decrypt(second, 'row 1')]).toEqual(['tok_visa', 'tok_visa']);
  expect(first).toMatch(/^v1\.old\.[\w-]{16}\.[\w-]{11}\.[\w-]{22}$/);
  expect(first).not.toBe(second);
  expect(old.decrypt(old.encrypt('Ünïcödé 🔑', ''), '')).toBe('Ünïcödé 🔑');
});

test('the first key encrypts, all of them decrypt', () => {
  const both = cipherOf(NEW, OLD);
  expect(both.decrypt(old.encrypt('tok_visa', 'row 1'), 'row 1')).toBe('tok_visa');
  expect(both.encrypt('tok_visa', 'row 1').startsWith(both.prefix)).toBe(true);
  expect(both.prefix).toBe('v1.new.');
});

describe('nothing is read', () => {
  const stored = old.encrypt('tok_visa', 'row 1');
  const changed = (part: number) =>
    stored
      .split('.')
      .map((each, index) => (index === part ? (each.startsWith('A') ? 'B' : 'A') + each.slice(1) : each))
      .join('.');
  const elsewhere = expect.stringContaining('it was changed or moved, or the key "old" is another one') as string;

  test.each([
    ['in another place', stored, 'row 2'],
    ['with another nonce', changed(2), 'row 1'],
    ['with another ciphertext', changed(3), 'row 1'],
    ['with another tag', changed(4), 'row 1'],
  ])('%s', (_, text, context) => {
    expect(failureOf(() => old.decrypt(text, context))).toEqual({ keyId: 'old', message: elsewhere, cause: undefined });
  });

  test('under a key of the same name', () => {
    expect(failureOf(() => cipherOf(keyOf('old', 3)).decrypt(stored, 'row 1'))).toMatchObject({ message: elsewhere });
  });

  test('that says it is under another key, also when there are two names for one', () => {
    const renamed = stored.replace('.old.', '.alias.');
    expect(
      failureOf(() => createFieldCipher([...parseFieldKeys(keyOf('alias', 1))]).decrypt(renamed, 'row 1')),
    ).toMatchObject({
      keyId: 'alias',
    });
  });

  test('under a key that is not there, and the key is named', () => {
    expect(failureOf(() => cipherOf(NEW).decrypt(stored, 'row 1'))).toEqual({
      keyId: 'old',
      message: 'A stored secret cannot be read: the key "old" is not among those that were given.',
      cause: undefined,
    });
  });

  test.each([
    '',
    'tok_visa',
    stored.replace('v1', 'v2'),
    `${stored}.more`,
    stored.slice(0, -1),
    stored.replace('.old.', '..'),
  ])('of an unknown form: %s', (text) => {
    expect(failureOf(() => old.decrypt(text, 'row 1'))).toMatchObject({ keyId: null });
  });
});

describe('keys', () => {
  test('are read in both alphabets of base64, with spaces around, and written as they are read', () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const keys = parseFieldKeys(` a:${bytes.toString('base64')} , b-2:${Buffer.alloc(32, 1).toString('base64url')}`);
    expect(keys.map(({ id }) => id)).toEqual(['a', 'b-2']);
    expect(formatFieldKeys(keys)).toBe(`a:${bytes.toString('base64url')},${keyOf('b-2', 1)}`);
  });

  test('that are made are new each time', () => {
    expect(parseFieldKeys(`${newFieldKey('a')},${newFieldKey('b')}`)).toHaveLength(2);
  });

  test('do not show themselves when they are printed', () => {
    const keys = parseFieldKeys(OLD);
    for (const printed of [inspect(keys, { depth: 9, showHidden: true }), JSON.stringify(keys)]) {
      expect(printed).toContain('old');
      expect(printed).not.toMatch(/AQEB|01, ?01|\b1, ?1\b|01 01/);
    }
  });

  test.each([
    [Buffer.alloc(32).toString('base64'), 'a key is not of the form id:base64'],
    [`${OLD}:more`, 'a key is not of the form id:base64'],
    [`${OLD},`, 'a key is not of the form id:base64'],
    [keyOf('Old', 1), 'the id of a key is 1 to 32 lower-case letters'],
    [keyOf('', 1), 'the id of a key is 1 to 32 lower-case letters'],
    [keyOf('a'.repeat(33), 1), 'the id of a key is 1 to 32 lower-case letters'],
    ['old:not base64!', 'a key is not base64'],
    [`old:${Buffer.alloc(31).toString('base64')}`, 'a key does not have 32 bytes'],
    [`old:${Buffer.alloc(33).toString('base64')}`, 'a key does not have 32 bytes'],
    [`${OLD},${keyOf('old', 2)}`, 'two of the keys have the same id'],
    [`${OLD},${keyOf('new', 1)}`, 'one key stands there twice'],
  ])('that cannot be used are refused: %s', (text, reason) => {
    expect(() => parseFieldKeys(text)).toThrow(reason);
    const [, secret = text] = text.split(':');
    expect(() => parseFieldKeys(text)).not.toThrow(secret);
  });
});
