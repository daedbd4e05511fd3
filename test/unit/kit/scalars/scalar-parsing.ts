import { GraphQLError, parseValue } from 'graphql';

import { scalars } from '@tributary/kit/scalars';

// The two ways in which a value reaches a scalar, and what a refusal looks like.

export const NAMES = [
  'DateTime',
  'Date',
  'CountryCode',
  'CurrencyCode',
  'Locale',
  'PhoneNumber',
  'Decimal',
  'EmailAddress',
  'IdempotencyKey',
  'MinorUnits',
] as const;
export type Name = (typeof NAMES)[number];

const expected: Record<Name, string> = {
  DateTime: 'an instant in RFC 3339 form, for example 2026-05-04T10:15:30.000Z.',
  Date: 'a calendar date in the form 2026-05-04.',
  CountryCode: 'an ISO 3166-1 alpha-2 code, for example DE.',
  CurrencyCode: 'an ISO 4217 code, for example EUR.',
  Locale: 'a BCP 47 language tag, for example de-AT.',
  PhoneNumber: 'a phone number in E.164 form, for example +4915112345678.',
  Decimal: 'a decimal number as a string, for example 0.19.',
  EmailAddress: 'an email address.',
  IdempotencyKey: 'a key of 16 to 128 visible ASCII characters, for example a UUID.',
  MinorUnits: 'a whole number of minor units that fits 64 bits, as a string or a safe integer.',
};

export const fromVariable = (name: Name, value: unknown) => scalars[name]!.parseValue(value);
export const fromLiteral = (name: Name, literal: string) => scalars[name]!.parseLiteral(parseValue(literal), {});

/** The error of a refusal, which is the same for every value; anything else fails the test. */
export function refusalOf(parse: () => unknown): { message: string; code: unknown } {
  try {
    return { message: `accepted as ${String(parse())}`, code: undefined };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { message: error.message, code: error.extensions.code };
  }
}
export const refused = (name: Name) => ({ message: `${name} must be ${expected[name]}`, code: 'BAD_USER_INPUT' });
