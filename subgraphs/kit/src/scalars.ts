import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';

// The custom scalars of the contract. Input that has the wrong form is refused with a message that says what is expected and does
// not repeat the value, which may be a secret pasted into the wrong place.

const INT64_MAX = 2n ** 63n - 1n;

function stringScalar(
  name: string,
  expected: string,
  parse: (text: string) => unknown,
  serialize: (value: unknown) => unknown,
) {
  const parseValue = (value: unknown) => {
    const parsed = typeof value === 'string' ? parse(value) : undefined;
    if (parsed === undefined)
      throw new GraphQLError(`${name} must be ${expected}.`, { extensions: { code: 'BAD_USER_INPUT' } });
    return parsed;
  };
  return new GraphQLScalarType({
    name,
    serialize,
    parseValue,
    parseLiteral: (node: ValueNode) => parseValue(node.kind === Kind.STRING ? node.value : undefined),
  });
}

const asIs = (value: unknown) => value;
const matching = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined);

// Date.parse takes hour 24 for midnight of the next day; RFC 3339 does not have it.
const DATE_TIME = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function parseDateTime(text: string): Date | undefined {
  if (!DATE_TIME.test(text) || !isCalendarDate(text.slice(0, 10))) return undefined;
  const date = new Date(text);
  // An offset can push the instant out of the years that four digits write.
  return Number.isNaN(date.getTime()) || !isWrittenYear(date.getUTCFullYear()) ? undefined : date;
}

// Date.parse accepts 2026-02-30 and moves it to March; a filter must not silently mean another day.
function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && isWrittenYear(date.getUTCFullYear());
}

// PostgreSQL has no year 0.
const isWrittenYear = (year: number) => year >= 1 && year <= 9999;

const DateTime = stringScalar(
  'DateTime',
  'an instant in RFC 3339 form, for example 2026-05-04T10:15:30.000Z',
  parseDateTime,
  (value) => (value as Date).toISOString(),
);

const CalendarDate = stringScalar(
  'Date',
  'a calendar date in the form 2026-05-04',
  (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && isCalendarDate(text) ? text : undefined),
  asIs,
);

const CountryCode = stringScalar(
  'CountryCode',
  'an ISO 3166-1 alpha-2 code, for example DE',
  matching(/^[A-Z]{2}$/),
  asIs,
);
const CurrencyCode = stringScalar('CurrencyCode', 'an ISO 4217 code, for example EUR', matching(/^[A-Z]{3}$/), asIs);
const Locale = stringScalar(
  'Locale',
  'a BCP 47 language tag, for example de-AT',
  matching(/^(?=.{2,35}$)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/), // RFC 5646 4.4.1: 35 characters hold every registered tag
  asIs,
);
const PhoneNumber = stringScalar(
  'PhoneNumber',
  'a phone number in E.164 form, for example +4915112345678',
  matching(/^\+[1-9]\d{4,14}$/),
  asIs,
);
const Decimal = stringScalar(
  'Decimal',
  'a decimal number as a string, for example 0.19',
  matching(/^-?\d{1,30}(\.\d{1,30})?$/),
  asIs,
);

// RFC 5321 limits the local part to 64 and the whole to 254 octets; the pattern has no nested repetition, so it cannot backtrack far.
// Control characters and halves of surrogate pairs are not text that PostgreSQL stores.
const EMAIL = /^[^\s@<>"\p{Cc}\p{Cs}]{1,64}@[^\s@<>".\p{Cc}\p{Cs}]+(\.[^\s@<>".\p{Cc}\p{Cs}]+)+$/u;
const EmailAddress = stringScalar(
  'EmailAddress',
  'an email address',
  (text) => (text.length <= 254 && EMAIL.test(text) ? text.toLowerCase() : undefined),
  asIs,
);

const IdempotencyKey = stringScalar(
  'IdempotencyKey',
  'a key of 16 to 128 visible ASCII characters, for example a UUID',
  matching(/^[!-~]{16,128}$/),
  asIs,
);

const parseMinorUnits = (value: unknown): bigint => {
  const integer =
    typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && /^-?\d{1,19}$/.test(value);
  const amount = integer ? BigInt(value as number | string) : undefined;
  if (amount === undefined || amount > INT64_MAX || amount < -INT64_MAX)
    throw new GraphQLError(
      'MinorUnits must be a whole number of minor units that fits 64 bits, as a string or a safe integer.',
      {
        extensions: { code: 'BAD_USER_INPUT' },
      },
    );
  return amount;
};

const MinorUnits = new GraphQLScalarType({
  name: 'MinorUnits',
  serialize: (value) => BigInt(value as bigint).toString(), // throws for a fraction, which no amount may be
  parseValue: parseMinorUnits,
  parseLiteral: (node) => parseMinorUnits(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : undefined),
});

export const scalars: Readonly<Record<string, GraphQLScalarType>> = {
  DateTime,
  Date: CalendarDate,
  CountryCode,
  CurrencyCode,
  Locale,
  PhoneNumber,
  Decimal,
  EmailAddress,
  IdempotencyKey,
  MinorUnits,
};
