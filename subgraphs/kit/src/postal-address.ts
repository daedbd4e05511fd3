import { isCountry } from './country-codes.ts';
import type { InputCheck } from './write/input-check.ts';
import { invalidInput } from './write/user-errors.ts';
import type { InputPath } from './write/user-errors.ts';

// The contract shares the type `PostalAddress` between the subgraphs, and so do they its form and its checks.

/** Where a person or a company gets post. */
export interface PostalAddress {
  recipient: string;
  line1: string;
  line2?: string | null;
  city: string;
  region?: string | null;
  postalCode?: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

const MAX = { recipient: 200, line1: 200, line2: 200, city: 100, region: 100, postalCode: 20 } as const;

/** The address as it is stored. Countries write addresses in many ways, so nothing but lengths and the country is checked. */
export function readPostalAddress(check: InputCheck, input: PostalAddress, field: InputPath): Required<PostalAddress> {
  const text = (name: keyof typeof MAX, value: string) => check.text(value, [...field, name], { max: MAX[name] });
  // Forms send an empty text for a line that was not filled in.
  const optional = (name: 'line2' | 'region' | 'postalCode') => {
    const value = input[name] ?? '';
    return value.trim() === '' ? null : text(name, value);
  };
  if (!isCountry(input.country))
    check.add(invalidInput('This is not an ISO 3166-1 country code.', [...field, 'country']));
  return {
    recipient: text('recipient', input.recipient),
    line1: text('line1', input.line1),
    line2: optional('line2'),
    city: text('city', input.city),
    region: optional('region'),
    postalCode: optional('postalCode'),
    country: input.country,
  };
}
