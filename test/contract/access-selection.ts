import { buildSchema, getNamedType, isLeafType, isObjectType } from 'graphql';

import { apiSdl } from '@tributary/schema';

import { ACCESS_MATRIX } from './access-matrix.ts';
import type { Caller, MatrixRow } from './access-matrix.ts';

const apiSchema = buildSchema(apiSdl(), { assumeValidSDL: true });

/** Coordinates of all fields clients can select on guarded types. */
export const guardedCoordinates = (valueTypes: ReadonlySet<string>) =>
  Object.values(apiSchema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__') && !valueTypes.has(type.name)
      ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
      : [],
  );

const rows = new Map<string, MatrixRow>(ACCESS_MATRIX.flatMap((row) => row.fields.map((field) => [field, row])));

export function matrixRow(coordinate: string): MatrixRow {
  const row = rows.get(coordinate);
  if (!row) throw new Error(`The access matrix has no row for ${coordinate}.`);
  return row;
}

export const mayRead = (caller: Caller, coordinate: string) => matrixRow(coordinate).readers.includes(caller);

/** The matrix's fields of a type. */
export const fieldsOf = (type: string) =>
  [...rows.keys()]
    .filter((coordinate) => coordinate.startsWith(`${type}.`))
    .map((coordinate) => coordinate.split('.')[1]!);

/** A field under an alias, with just enough below it to be valid. */
export function select(type: string, field: string, alias = field): string {
  const parent = apiSchema.getType(type);
  const found = isObjectType(parent) ? parent.getFields()[field] : undefined;
  if (!found) throw new Error(`${type}.${field} is not in the API schema.`);
  return `${alias}: ${field}${isLeafType(getNamedType(found.type)) ? '' : ' { __typename }'}`;
}
