import { expect, test } from 'vitest';

import { checkInput, readPostalAddress } from '@tributary/kit';
import type { PostalAddress } from '@tributary/kit';

import { refusalOf } from '../../kit/refusal.ts';

const address = { recipient: ' Ada ', line1: 'Hauptplatz 1', city: 'Graz', country: 'AT' };

function read(input: PostalAddress) {
  const check = checkInput();
  const read = readPostalAddress(check, input, ['input', 'address']);
  check.refuseIfAny();
  return read;
}

test('what was left out, is null or blank is empty', () => {
  const stored = { ...address, recipient: 'Ada', line2: null, region: null, postalCode: null };
  expect(read(address)).toEqual(stored);
  expect(read({ ...address, line2: null, region: ' ', postalCode: '' })).toEqual(stored);
  expect(read({ ...address, postalCode: ' 8010 ' })).toEqual({ ...stored, postalCode: '8010' });
});

test('everything that is wrong is told at once, each at its place', () => {
  const wrong = { recipient: '', line1: 'a'.repeat(201), line2: 'b\0', city: 'c'.repeat(101), region: 'd'.repeat(101), postalCode: '1'.repeat(21), country: 'XX' }; // prettier-ignore
  const fields = refusalOf(() => read(wrong)).map(([code, path]) => `${code} ${path}`);
  expect(fields.sort()).toEqual(Object.keys(wrong).map((name) => `INVALID_INPUT input.address.${name}`).sort()); // prettier-ignore
});
