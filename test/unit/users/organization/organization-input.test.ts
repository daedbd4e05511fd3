import { describe, expect, test } from 'vitest';

import { currencyOfCountry } from '@tributary/users/organization/currency-of-country';
import { readNewOrganization, readOrganizationChange } from '@tributary/users/organization/organization-input';

import { refusalOf } from '../../../kit/refusal.ts';

const input = {
  name: ' Nova ',
  legalName: 'Nova GmbH',
  kind: 'BUYER',
  country: 'AT',
  taxId: ' ATU 12345678 ',
} as const;

describe('a new organization', () => {
  test('is stored trimmed', () => {
    expect(readNewOrganization(input)).toEqual({ ...input, name: 'Nova', taxId: 'ATU 12345678' });
    expect(readNewOrganization({ ...input, taxId: null }).taxId).toBeNull();
  });

  test('with everything wrong is told so at once, each at its place', () => {
    const wrong = { name: ' ', legalName: 'a\u0007', kind: 'BUYER', country: 'ZZ', taxId: 'AT_1' } as const;
    expect(refusalOf(() => readNewOrganization(wrong))).toEqual([
      ['INVALID_INPUT', 'input.country'],
      ['INVALID_INPUT', 'input.name'],
      ['INVALID_INPUT', 'input.legalName'],
      ['INVALID_INPUT', 'input.taxId'],
    ]);
  });
});

describe('a tax number', () => {
  test.each(['ATU12345678', 'DE 123 456 789', 'CHE-123.456.789', '12/345/67890', 'ÑA&1', '7'])(
    '%s is taken',
    (taxId) => {
      expect(readOrganizationChange({ taxId })).toEqual({ taxId });
    },
  );

  test.each(['-1', '1.', 'a_b', "1' OR '1", 'a'.repeat(41)])('%j is refused', (taxId) => {
    expect(refusalOf(() => readOrganizationChange({ taxId }))).toEqual([['INVALID_INPUT', 'input.taxId']]);
  });

  test('that is blank is refused once, as blank', () => {
    expect(refusalOf(() => readOrganizationChange({ taxId: ' ' }))).toEqual([['INVALID_INPUT', 'input.taxId']]);
  });
});

describe('a change', () => {
  test('clears the tax number, and no name', () => {
    expect(readOrganizationChange({ taxId: null })).toEqual({ taxId: null });
    expect(refusalOf(() => readOrganizationChange({ name: null, legalName: null }))).toEqual([
      ['INVALID_INPUT', 'input.name'],
      ['INVALID_INPUT', 'input.legalName'],
    ]);
  });

  test('leaves alone what was left out', () => {
    expect(readOrganizationChange({ name: 'Nova' })).toEqual({ name: 'Nova' });
  });
});

test('companies are invoiced in the currency of their country where there are prices in it, else in euros', () => {
  expect(['US', 'GB', 'CA', 'JP', 'AT', 'CH', 'BR'].map(currencyOfCountry)).toEqual([
    'USD',
    'GBP',
    'CAD',
    'JPY',
    'EUR',
    'EUR',
    'EUR',
  ]);
});
