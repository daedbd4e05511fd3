import { expect, test } from 'vitest';

import { changedFields } from '@tributary/users/changes';
import { readProfile } from '@tributary/users/user/profile';

import { refusalOf } from '../../../kit/refusal.ts';

test('only what was given is part of the change', () => {
  expect(readProfile({})).toEqual({});
  expect(readProfile({ displayName: ' Ada ', phone: null })).toEqual({ displayName: 'Ada', phone: null });
});

test.each([
  ['de-at', 'de-AT'],
  ['ZH-hant-tw', 'zh-Hant-TW'],
  ['iw', 'he'],
])('the language %s is stored as %s', (locale, stored) => {
  expect(readProfile({ locale })).toEqual({ locale: stored });
});

test('notes keep their lines', () => {
  expect(readProfile({ supportNotes: 'calls\r\nin the morning ' })).toEqual({ supportNotes: 'calls\nin the morning' });
});

test('everything that is wrong is told at once, each at its place', () => {
  expect(
    refusalOf(() => readProfile({ displayName: 'a'.repeat(201), locale: 'de-A-B-', supportNotes: 'x'.repeat(4_001) })),
  ).toEqual([
    ['INVALID_INPUT', 'input.displayName'],
    ['INVALID_INPUT', 'input.locale'],
    ['INVALID_INPUT', 'input.supportNotes'],
  ]);
  expect(refusalOf(() => readProfile({ displayName: null, locale: null }))).toEqual([
    ['INVALID_INPUT', 'input.displayName'],
    ['INVALID_INPUT', 'input.locale'],
  ]);
});

test('a field has changed when its value differs', () => {
  const stored = { displayName: 'Ada', phone: null, locale: 'de' };
  expect(changedFields(stored, { displayName: 'Ada', phone: null, locale: 'en' })).toEqual(['locale']);
  expect(changedFields(stored, {})).toEqual([]);
});
