import type { Migration } from '@tributary/kit/database/migrate';

export const compareTaxIds: Migration = {
  name: '0005-compare-tax-ids',
  sql: `
-- One organization per tax number and country. Registers, and people, write one number in several ways: with or without separators, in
-- either case.
CREATE UNIQUE INDEX organizations_tax_id_key ON users.organizations
  (country, upper(regexp_replace(tax_id, '[ ./-]', '', 'g')));
ALTER TABLE users.organizations DROP CONSTRAINT organizations_country_tax_id_key;
`,
};
