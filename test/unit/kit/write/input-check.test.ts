import { describe, expect, test } from 'vitest';

import { checkInput, Refusal } from '@tributary/kit';
import type { InputCheck, TextRule } from '@tributary/kit';

const FIELD = ['input', 'name'];

/** The text as it is stored, or the refusal's messages. */
function read(value: string, rule: TextRule = { max: 10 }) {
  const check = checkInput();
  const text = check.text(value, FIELD, rule);
  return refusalOf(check) ?? text;
}

function refusalOf(check: InputCheck) {
  try {
    check.refuseIfAny();
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.userErrors.map(({ code, field, message }) => [code, field, message]);
  }
}

const refused = (message: string) => [['INVALID_INPUT', FIELD, message]];
const CONTROL = 'Text must not contain control characters or broken characters.';

describe('a text', () => {
  test.each([
    ['  Ada  ', 'Ada'],
    ['\u00a0Ada\u2003', 'Ada'],
    ['Zoe\u0308', 'Zo\u00eb'],
    ['👩‍🚀', '👩‍🚀'],
    ['née 9', 'née 9'],
  ])('%j is stored as %j', (value, stored) => {
    expect(read(value)).toBe(stored);
  });

  test.each(['', '   ', '\u200b', '\u2060 \ufeff'])('that shows nothing, such as %j, is refused', (value) => {
    expect(read(value)).toEqual(refused('Text must not be blank.'));
  });

  test.each(['a\0b', 'a\u001bb', 'a\u0085b', 'a\u2028b', 'a\nb', 'a\tb', 'a\ud800', '\udc00a'])(
    'with a control character or half a character, such as %j, is refused',
    (value) => {
      expect(read(value)).toEqual(refused(CONTROL));
    },
  );

  test('is as long as it has characters, whatever they take in memory', () => {
    expect(read('😀'.repeat(10))).toBe('😀'.repeat(10));
    expect(read('😀'.repeat(11))).toEqual(refused('Text must not be longer than 10 characters.'));
    expect(read(` ${'a'.repeat(10)} `)).toBe('a'.repeat(10));
  });

  test('of several lines keeps its lines and tabs, and no other control character', () => {
    const rule = { max: 100, multiline: true };
    expect(read('one\r\n\ttwo\n', rule)).toBe('one\n\ttwo');
    expect(read('one\rtwo', rule)).toEqual(refused(CONTROL));
    expect(read('one\0two', rule)).toEqual(refused(CONTROL));
  });

  test('of a megabyte is looked at in no time', () => {
    const before = process.cpuUsage();
    read('a\u0308'.repeat(500_000));
    read(' '.repeat(1_000_000));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(500);
  });
});

describe('a field of a change', () => {
  const upper = (value: string) => value.toUpperCase();

  test('that was left out stays as it is', () => {
    const check = checkInput();
    expect(check.required(undefined, FIELD, upper)).toBeUndefined();
    expect(check.clearable(undefined, upper)).toBeUndefined();
    expect(refusalOf(check)).toBeNull();
  });

  test('that is null is cleared where it may be empty, and refused elsewhere', () => {
    const check = checkInput();
    expect(check.clearable(null, upper)).toBeNull();
    expect(refusalOf(check)).toBeNull();
    expect(check.required(null, FIELD, upper)).toBeUndefined();
    expect(refusalOf(check)).toEqual(refused('This cannot be cleared. Leave it out to keep it.'));
  });

  test('that has a value is read', () => {
    const check = checkInput();
    expect([check.required('a', FIELD, upper), check.clearable('b', upper)]).toEqual(['A', 'B']);
  });
});

test('everything that is wrong is told at once, in the order it was found', () => {
  const check = checkInput();
  check.text('', ['input', 'first'], { max: 5 });
  check.text('toolong', ['input', 'second'], { max: 5 });
  check.text('fine', ['input', 'third'], { max: 5 });
  expect(refusalOf(check)?.map(([, field]) => field)).toEqual([
    ['input', 'first'],
    ['input', 'second'],
  ]);
});
