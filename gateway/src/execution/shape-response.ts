import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type {
  FieldNode,
  GraphQLCompositeType,
  GraphQLLeafType,
  GraphQLOutputType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';

import { invariant } from '@tributary/kit/invariant';

import { compileShape } from './build-object.ts';
import type { Complete, FieldShape, Shaping, ShapeObject } from './build-object.ts';
import { collectFields, isIntrospectionField } from './collect-fields.ts';
import type { DeferredFragment, Selecting } from './collect-fields.ts';
import { hiddenValuesOf, isHiddenType } from './hidden-values.ts';
import { leafValueOf, plainValueOf } from './leaf-values.ts';
import type { RepeatedObject } from './repeated-objects.ts';
import { isJsonObject } from './response-data.ts';
import type { JsonObject } from './response-data.ts';

// Makes the client's answer out of the data that was fetched: the fields of the operation and no others, in its order, under its
// names. A value that cannot stand where the schema puts it becomes null, and null goes up to the nearest field that may be null. A value
// that only clients cannot see becomes null as well, and is an error only where null is.

/** What decides how fields are answered, beside which of them count. */
export interface ShapeRules extends Selecting {
  /** With what clients cannot see. */
  fullSchema: GraphQLSchema;
  /** Fields of the operation that the caller may not have. */
  denied?: ReadonlySet<FieldNode> | undefined;
  /** From a response name of the operation to the one it has in the data, where that is another. */
  names?: ReadonlyMap<string, string> | undefined;
  /** Deferred fragments are left out and announced; without it `@defer` is as good as absent. */
  inParts?: boolean | undefined;
}

/** For the root of an operation, which is of a known type whatever the data says. */
export function compileRootShape(
  selectionSets: readonly SelectionSetNode[],
  type: GraphQLCompositeType,
  selecting: ShapeRules,
): ShapeObject {
  return compileFieldsOf(selectionSets, type, selecting);
}

/** For an object below: its own `__typename` decides, and in its absence the type of its place. */
function compileObjectShape(
  selectionSets: readonly SelectionSetNode[],
  { type: staticType, onHidden }: Place<GraphQLCompositeType>,
  selecting: ShapeRules,
): Complete {
  const shapes = new Map<string, ShapeValue>();
  let lastTypename: unknown;
  let lastShape: ShapeValue | null = null;
  // Only types of the schema are kept: a subgraph that makes up type names must not fill the memory.
  const shapeFor = (typename: unknown): ShapeValue | null => {
    const name = typename === undefined || typename === null || typename === '' ? staticType.name : typename;
    if (typeof name !== 'string') return null;
    const known = shapes.get(name);
    if (known) return known;
    const shape = compileShapeOf(name);
    if (shape !== null) shapes.set(name, shape);
    return shape;
  };
  const compileShapeOf = (name: string): ShapeValue | null => {
    const type = selecting.schema.getType(name);
    if (isCompositeType(type)) return compileFieldsOf(selectionSets, type, selecting);
    return isHiddenType(name, staticType, selecting) ? onHidden : null;
  };
  const shapeValue: ShapeValue = (value, shaping, depth) => {
    const typename = value.__typename;
    if (lastShape === null || typename !== lastTypename) {
      lastShape = shapeFor(typename);
      lastTypename = typename;
    }
    return lastShape === null ? unusable(value, shaping, depth) : lastShape(value, shaping, depth);
  };
  return (value, shaping, depth) => {
    if (!isJsonObject(value)) return unusable(value, shaping, depth);
    const repeated = shaping.repeated?.get(value);
    return repeated ? shapeOnce(value, { repeated, shapeValue, shaping, depth }) : shapeValue(value, shaping, depth);
  };
}

type ShapeValue = (value: JsonObject, shaping: Shaping, depth: number) => unknown;

/** Something with an error is shaped for each of its places: the error is told for each. */
function shapeOnce(
  value: JsonObject,
  {
    repeated,
    shapeValue,
    shaping,
    depth,
  }: { repeated: RepeatedObject; shapeValue: ShapeValue; shaping: Shaping; depth: number },
): unknown {
  const { shaped } = repeated;
  if (shaped !== null && repeated.shapedBy === shapeValue) {
    shaped.places += 1;
    if (shaped.places === 2) shaping.reused.push(shaped);
    return shaped.object;
  }
  const before = troublesOf(shaping);
  const object = shapeValue(value, shaping, depth);
  if (isJsonObject(object) && troublesOf(shaping) === before) {
    repeated.shaped = { object, places: 1 };
    repeated.shapedBy = shapeValue;
  }
  return object;
}

function troublesOf({ unusable: found, denied, hidden }: Shaping): number {
  return found.length + denied.length + (hidden?.length ?? 0);
}

function compileFieldsOf(
  selectionSets: readonly SelectionSetNode[],
  type: GraphQLCompositeType,
  selecting: ShapeRules,
): ShapeObject {
  const deferred: DeferredFragment[] = [];
  const onDefer = selecting.inParts ? (fragment: DeferredFragment) => void deferred.push(fragment) : undefined;
  let isDecided = true;
  const onUndecided = () => void (isDecided = false);
  const fields = collectFields(selectionSets, type, { ...selecting, onDefer, onUndecided });
  // What is asked for depends on what the object is, and nobody has found that out.
  if (!isDecided) return unusable;
  const shape = compileShape([...fields].map(([name, nodes]) => compileField(name, { nodes, type, selecting })));
  return deferred.length === 0 ? shape : announcing(shape, { deferred, type, selecting });
}

/** Tells of every object that deferred fragments apply to. */
function announcing(
  shape: ShapeObject,
  {
    deferred,
    type,
    selecting,
  }: { deferred: readonly DeferredFragment[]; type: GraphQLCompositeType; selecting: ShapeRules },
): ShapeObject {
  const later = deferred.map(({ label = '', selectionSet }) => ({
    label,
    shape: compileFieldsOf([selectionSet], type, selecting),
  }));
  return (source, shaping, depth) => {
    for (const each of later) shaping.deferred?.push({ ...each, source, path: shaping.path.slice(0, depth) });
    return shape(source, shaping, depth);
  };
}

function compileField(
  name: string,
  { nodes, type, selecting }: { nodes: readonly FieldNode[]; type: GraphQLCompositeType; selecting: ShapeRules },
): FieldShape {
  const [node] = nodes;
  invariant(node, 'A field was collected without a node.');
  const fieldName = node.name.value;
  if (fieldName === '__typename') return { name, key: name, plain: null, complete: typenameOf(type) };
  if (isIntrospectionField(node))
    return { name, key: name, plain: null, complete: (_value, { introspection }) => introspection?.[name] ?? null };
  const field = 'getFields' in type ? type.getFields()[fieldName] : undefined;
  invariant(field, `The operation selects ${type.name}.${fieldName}, which does not exist.`);
  if (nodes.some((each) => selecting.denied?.has(each)))
    return { name, key: name, plain: null, complete: deny(isNonNullType(field.type)) };
  const nested = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const key = selecting.names?.get(name) ?? name;
  const named = getNullableType(field.type);
  const plain = isLeafType(named) ? plainValueOf(named) : null;
  return { name, key, plain, complete: compileValue(field.type, nested, selecting) };
}

// Only an object type can be the type of an object: an interface that got here was never completed.
function typenameOf(type: GraphQLCompositeType): Complete {
  if (isObjectType(type)) return () => type.name;
  return unusable;
}

/** A place in the answer for a value that is there. */
interface Place<Type> {
  type: Type;
  /** For a value that clients cannot see. */
  onHidden: Complete;
}

function compileValue(type: GraphQLOutputType, nested: readonly SelectionSetNode[], selecting: ShapeRules): Complete {
  if (!isNonNullType(type)) {
    const complete = compileNullable({ type, onHidden: hide }, nested, selecting);
    return (value, shaping, depth) => {
      if (value === null || value === undefined) return null;
      const completed = complete(value, shaping, depth);
      return completed === undefined ? null : completed;
    };
  }
  const complete = compileNullable({ type: type.ofType, onHidden: unusable }, nested, selecting);
  return (value, shaping, depth) =>
    value === null || value === undefined ? unusable(value, shaping, depth) : complete(value, shaping, depth);
}

function compileNullable(
  { type, onHidden }: Place<GraphQLOutputType>,
  nested: readonly SelectionSetNode[],
  selecting: ShapeRules,
): Complete {
  if (isListType(type)) return compileList(compileValue(type.ofType, nested, selecting));
  const named = getNamedType(type);
  if (isCompositeType(named)) return compileObjectShape(nested, { type: named, onHidden }, selecting);
  invariant(isLeafType(named), `${named.name} is not an output type.`);
  return compileLeaf({ type: named, onHidden }, selecting);
}

function compileLeaf({ type, onHidden }: Place<GraphQLLeafType>, selecting: ShapeRules): Complete {
  const isLeafValue = leafValueOf(type);
  const hidden = isEnumType(type) ? hiddenValuesOf(type, selecting) : null;
  const onOther: Complete = hidden?.size
    ? (value, shaping, depth) => (hidden.has(value) ? onHidden : unusable)(value, shaping, depth)
    : unusable;
  return (value, shaping, depth) => (isLeafValue(value) ? value : onOther(value, shaping, depth));
}

function compileList(completeItem: Complete): Complete {
  return (value, shaping, depth) => {
    if (!Array.isArray(value)) return unusable(value, shaping, depth);
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

function unusable(_value: unknown, { path, unusable: found }: Shaping, depth: number): undefined {
  found.push({ path: path.slice(0, depth) });
  return undefined;
}

function hide(_value: unknown, { path, hidden }: Shaping, depth: number): null {
  hidden?.push(path.slice(0, depth));
  return null;
}
