import { checkInput, invalidInput, isCountry } from '@tributary/kit';
import type { InputCheck } from '@tributary/kit';

import { definedOf } from '../changes.ts';
import type { Organization, OrganizationKind } from './organization.ts';

export interface OrganizationCreateInput {
  name: string;
  legalName: string;
  kind: OrganizationKind;
  country: string;
  taxId?: string | null;
}

export interface OrganizationChangeInput {
  name?: string | null;
  legalName?: string | null;
  taxId?: string | null;
}

/** What a change of an organization may touch. */
export type OrganizationDetails = Pick<Organization, 'name' | 'legalName' | 'taxId'>;

const MAX_NAME = 200;
const MAX_TAX_ID = 40;
/** Registers write numbers with these between letters and digits. */
const TAX_ID = /^[\p{L}\p{N}&]([\p{L}\p{N}& ./-]*[\p{L}\p{N}&])?$/u;

/** A new organization as it is stored. Throws all that is wrong with the input. */
export function readNewOrganization(
  input: OrganizationCreateInput,
): OrganizationDetails & Pick<Organization, 'kind' | 'country'> {
  const check = checkInput();
  const { kind, country } = input;
  if (!isCountry(country)) check.add(invalidInput('This is not an ISO 3166-1 country code.', ['input', 'country']));
  const organization = {
    kind,
    country,
    name: readName(check, 'name', input.name),
    legalName: readName(check, 'legalName', input.legalName),
    taxId: check.clearable(input.taxId, (value) => readTaxId(check, value)) ?? null,
  };
  check.refuseIfAny();
  return organization;
}

/** What the change asks for, as it is stored. Throws all that is wrong with it. */
export function readOrganizationChange({
  name,
  legalName,
  taxId,
}: OrganizationChangeInput): Partial<OrganizationDetails> {
  const check = checkInput();
  const change = definedOf<OrganizationDetails>({
    name: check.required(name, ['input', 'name'], (value) => readName(check, 'name', value)),
    legalName: check.required(legalName, ['input', 'legalName'], (value) => readName(check, 'legalName', value)),
    taxId: check.clearable(taxId, (value) => readTaxId(check, value)),
  });
  check.refuseIfAny();
  return change;
}

const readName = (check: InputCheck, field: 'name' | 'legalName', value: string) =>
  check.text(value, ['input', field], { max: MAX_NAME });

function readTaxId(check: InputCheck, value: string): string {
  const taxId = check.text(value, ['input', 'taxId'], { max: MAX_TAX_ID });
  if (taxId !== '' && !TAX_ID.test(taxId))
    check.add(
      invalidInput('A tax number consists of letters and digits, with spaces, dots, slashes or hyphens in between.', [
        'input',
        'taxId',
      ]),
    );
  return taxId;
}
