import {
  getNamedType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import type { FieldNode, GraphQLCompositeType, GraphQLOutputType, SelectionSetNode } from 'graphql';

import { invariant } from '@tributary/kit/invariant';

import { collectFields, isIntrospectionField } from './collect-fields.ts';
import type { Selecting } from './collect-fields.ts';
import { leafValueOf } from './leaf-values.ts';
import type { JsonObject, ResponsePath } from './response-data.ts';
import { isJsonObject, own } from './response-data.ts';

// Makes the client's answer out of the data that was fetched: the fields of the operation and no others, in its order, under its
// names. A value that cannot stand where the schema puts it becomes null, and null goes up to the nearest field that may be null.

/** A value that the schema promises and that is not there, or is of another kind. */
export interface UnusableValue {
  path: ResponsePath;
}

/** State of one shaping. `path` is written level by level; only what is above the current depth is valid. */
export interface Shaping {
  readonly path: (string | number)[];
  readonly unusable: UnusableValue[];
  /** Places of fields that the caller may not have. */
  readonly denied: ResponsePath[];
  readonly introspection: JsonObject | null;
}

/** `undefined`: there is no usable value, so whatever holds it is null. */
type Complete = (value: unknown, shaping: Shaping, depth: number) => unknown;

interface FieldShape {
  name: string;
  complete: Complete;
  read: (source: JsonObject) => unknown;
}

/** Shapes an object; `undefined` when one of its non-null fields has no value. */
export type ShapeObject = (source: JsonObject, shaping: Shaping, depth: number) => JsonObject | undefined;

/** What decides how fields are answered, beside which of them count. */
export interface ShapeRules extends Selecting {
  /** Fields of the operation that the caller may not have. */
  denied?: ReadonlySet<FieldNode> | undefined;
  /** From a response name of the operation to the one it has in the data, where that is another. */
  names?: ReadonlyMap<string, string> | undefined;
}

/** For the root of an operation, which is of a known type whatever the data says. */
export function compileRootShape(
  selectionSets: readonly SelectionSetNode[],
  type: GraphQLCompositeType,
  selecting: ShapeRules,
): ShapeObject {
  return shapeOf(compileFields(selectionSets, type, selecting));
}

/** For an object below: its own `__typename` decides, and in its absence `staticType`. */
export function compileObjectShape(
  selectionSets: readonly SelectionSetNode[],
  staticType: GraphQLCompositeType,
  selecting: ShapeRules,
): Complete {
  const shapes = new Map<unknown, ShapeObject | null>();
  const shapeFor = (typename: unknown): ShapeObject | null => {
    let shape = shapes.get(typename);
    if (shape === undefined) {
      const type = typeof typename === 'string' && typename !== '' ? selecting.schema.getType(typename) : staticType;
      shape = isCompositeType(type) ? shapeOf(compileFields(selectionSets, type, selecting)) : null;
      if (shape !== null || shapes.size < MAX_UNKNOWN_TYPES) shapes.set(typename, shape);
    }
    return shape;
  };
  return (value, shaping, depth) => {
    if (!isJsonObject(value)) return unusable(shaping, depth);
    const shape = shapeFor(value.__typename);
    return shape === null ? unusable(shaping, depth) : shape(value, shaping, depth);
  };
}

// A subgraph that makes up type names must not fill the memory.
const MAX_UNKNOWN_TYPES = 1_000;

function shapeOf(fields: readonly FieldShape[]): ShapeObject {
  return (source, shaping, depth) => {
    const shaped: JsonObject = {};
    for (const { name, read, complete } of fields) {
      shaping.path[depth] = name;
      const value = complete(read(source), shaping, depth + 1);
      if (value === undefined) return undefined;
      shaped[name] = value;
    }
    return shaped;
  };
}

function compileFields(
  selectionSets: readonly SelectionSetNode[],
  type: GraphQLCompositeType,
  selecting: ShapeRules,
): readonly FieldShape[] {
  return [...collectFields(selectionSets, type, selecting)].map(([name, nodes]) =>
    compileField(name, { nodes, type, selecting }),
  );
}

function compileField(
  name: string,
  { nodes, type, selecting }: { nodes: readonly FieldNode[]; type: GraphQLCompositeType; selecting: ShapeRules },
): FieldShape {
  const [node] = nodes;
  invariant(node, 'A field was collected without a node.');
  const fieldName = node.name.value;
  if (fieldName === '__typename') return { name, read: ignore, complete: typenameOf(type) };
  if (isIntrospectionField(node)) {
    const definition = fieldName === '__schema' ? SchemaMetaFieldDef : TypeMetaFieldDef;
    return {
      name,
      read: ignore,
      complete: (_value, { introspection }) =>
        introspection?.[name] ?? (isNonNullType(definition.type) ? undefined : null),
    };
  }
  const field = 'getFields' in type ? type.getFields()[fieldName] : undefined;
  invariant(field, `The operation selects ${type.name}.${fieldName}, which does not exist.`);
  if (nodes.some((each) => selecting.denied?.has(each)))
    return { name, read: ignore, complete: deny(isNonNullType(field.type)) };
  const nested = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const key = selecting.names?.get(name) ?? name;
  const read = key in Object.prototype ? (source: JsonObject) => own(source, key) : (source: JsonObject) => source[key];
  return { name, read, complete: compileValue(field.type, nested, selecting) };
}

const ignore = () => undefined;

// Only an object type can be the type of an object: an interface that got here was never completed.
function typenameOf(type: GraphQLCompositeType): Complete {
  if (isObjectType(type)) return () => type.name;
  return (_value, shaping, depth) => unusable(shaping, depth);
}

function compileValue(type: GraphQLOutputType, nested: readonly SelectionSetNode[], selecting: ShapeRules): Complete {
  if (!isNonNullType(type)) {
    const complete = compileNullable(type, nested, selecting);
    return (value, shaping, depth) => {
      if (value === null || value === undefined) return null;
      const completed = complete(value, shaping, depth);
      return completed === undefined ? null : completed;
    };
  }
  const complete = compileNullable(type.ofType, nested, selecting);
  return (value, shaping, depth) =>
    value === null || value === undefined ? unusable(shaping, depth) : complete(value, shaping, depth);
}

/** For a value that is there. */
function compileNullable(
  type: GraphQLOutputType,
  nested: readonly SelectionSetNode[],
  selecting: ShapeRules,
): Complete {
  if (isListType(type)) return compileList(compileValue(type.ofType, nested, selecting));
  const named = getNamedType(type);
  if (isCompositeType(named)) return compileObjectShape(nested, named, selecting);
  invariant(isLeafType(named), `${named.name} is not an output type.`);
  const isLeafValue = leafValueOf(named);
  return (value, shaping, depth) => (isLeafValue(value) ? value : unusable(shaping, depth));
}

function compileList(completeItem: Complete): Complete {
  return (value, shaping, depth) => {
    if (!Array.isArray(value)) return unusable(shaping, depth);
    const shaped: unknown[] = [];
    let isUsable = true;
    for (let index = 0; index < value.length; index += 1) {
      shaping.path[depth] = index;
      const item = completeItem(value[index], shaping, depth + 1);
      if (item === undefined) isUsable = false; // the others are looked at all the same: each tells its own error
      shaped.push(item);
    }
    return isUsable ? shaped : undefined;
  };
}

// Denied under one name is denied altogether, also where another selection of the same name would have been allowed.
function deny(isNonNull: boolean): Complete {
  return (_value, { path, denied }, depth) => {
    denied.push(path.slice(0, depth));
    return isNonNull ? undefined : null;
  };
}

function unusable({ path, unusable: found }: Shaping, depth: number): undefined {
  found.push({ path: path.slice(0, depth) });
  return undefined;
}
