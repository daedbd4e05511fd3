import { isEnumType, isSpecifiedScalarType } from 'graphql';
import type { GraphQLLeafType } from 'graphql';

import { PlainValue } from './build-object.ts';

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);

/** Whether a value of JSON may stand for a leaf of this type. Custom scalars are what their subgraph makes of them. */
export type IsLeafValue = (value: unknown) => boolean;

// JSON may have any number of levels, but whoever writes it down goes level by level, and the stack ends somewhere.
const MAX_LEVELS = 500;

const anyValue: IsLeafValue = (value) => hasAtMost(MAX_LEVELS, value);
const isText: IsLeafValue = (value) => typeof value === 'string';

const builtIn: Readonly<Record<string, IsLeafValue>> = {
  Int: (value) => Number.isInteger(value) && (value as number) <= MAX_INT && (value as number) >= MIN_INT,
  Float: (value) => typeof value === 'number',
  String: isText,
  Boolean: (value) => typeof value === 'boolean',
  ID: (value) => typeof value === 'string' || Number.isInteger(value),
};

const plainValues: Readonly<Record<string, PlainValue>> = {
  Int: PlainValue.int,
  Float: PlainValue.number,
  String: PlainValue.text,
  Boolean: PlainValue.boolean,
  ID: PlainValue.text,
};

/** What a value of this type is nearly always; null for an enum. */
export function plainValueOf(type: GraphQLLeafType): PlainValue | null {
  if (isEnumType(type)) return null;
  return isSpecifiedScalarType(type) ? (plainValues[type.name] ?? null) : PlainValue.any;
}

export function leafValueOf(type: GraphQLLeafType): IsLeafValue {
  if (isEnumType(type)) {
    const names = new Set<unknown>(type.getValues().map(({ name }) => name));
    return (value) => names.has(value);
  }
  return isSpecifiedScalarType(type) ? (builtIn[type.name] ?? anyValue) : anyValue;
}

function hasAtMost(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => hasAtMost(levels - 1, each));
}
