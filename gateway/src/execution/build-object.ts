import { compileCode, readOf, textOf } from './generated-code.ts';
import type { RepeatedObjects, ReusedObject } from './repeated-objects.ts';
import type { JsonObject, ResponsePath } from './response-data.ts';

// Objects of the answer are made by generated functions: an object literal with its names is made eight times as fast as an object
// that gets its names one by one (15 against 126 ns for six fields), and answers consist of little else.

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
  /** Places that are null because clients cannot see their values, for whoever wants to know. */
  readonly hidden?: ResponsePath[];
  readonly introspection: JsonObject | null;
  /** Null where everything is answered at once. */
  readonly deferred: PendingFragment[] | null;
  /** Null where each place of the answer has an object of its own. */
  readonly repeated: RepeatedObjects | null;
  /** Objects of the answer that have taken several places, the inner ones before those that hold them. */
  readonly reused: ReusedObject[];
}

export function beginShaping(
  given: Pick<Shaping, 'introspection'> & Partial<Pick<Shaping, 'path' | 'hidden' | 'deferred' | 'repeated'>>,
): Shaping {
  return { path: [], unusable: [], denied: [], deferred: null, repeated: null, reused: [], ...given };
}

/** A deferred fragment and an object that it applies to. */
export interface PendingFragment {
  /** Label of the part of the plan that brings its data. */
  label: string;
  shape: ShapeObject;
  source: JsonObject;
  /** Of the object, in the client's answer. */
  path: ResponsePath;
}

/** `undefined`: there is no usable value, so whatever holds it is null. `depth` is the length of the value's path. */
export type Complete = (value: unknown, shaping: Shaping, depth: number) => unknown;

/** Makes an object of the answer; `undefined` when one of its non-null fields has no value. */
export type ShapeObject = (source: JsonObject, shaping: Shaping, depth: number) => JsonObject | undefined;

/** Kinds of values that are told by a glance. Whatever does not pass it is looked at by `complete`. */
export const PlainValue = { text: 'text', int: 'int', number: 'number', boolean: 'boolean', any: 'any' } as const;
export type PlainValue = (typeof PlainValue)[keyof typeof PlainValue];

export interface FieldShape {
  /** Response name of the client. */
  name: string;
  /** Response name in the data: the same, unless the planner needed it for something else. */
  key: string;
  /** Null where only `complete` can tell. */
  plain: PlainValue | null;
  complete: Complete;
}

// None of them may turn a value into another kind of value first: that runs for as long as a list is deep.
const TESTS: Readonly<Record<PlainValue, string>> = {
  text: 'typeof v === "string"',
  int: 'typeof v === "number" && (v | 0) === v',
  number: 'typeof v === "number"',
  boolean: 'typeof v === "boolean"',
  any: 'typeof v !== "object" && v !== undefined',
};

export function compileShape(fields: readonly FieldShape[]): ShapeObject {
  const reads = fields.map(({ name, key, plain }, index) => {
    const complete = `shaping.path[depth] = ${textOf(name)}; v = complete${index}(v, shaping, depth + 1); if (v === undefined) return undefined;`;
    const checked = plain === null ? complete : `if (!(${TESTS[plain]})) { ${complete} }`;
    return `v = ${readOf('source', key)}; ${checked} const v${index} = v;`;
  });
  // In brackets, or `__proto__` would not be a name like any other.
  const entries = fields.map(({ name }, index) => `[${textOf(name)}]: v${index}`);
  const code = `(source, shaping, depth) => { let v; ${reads.join('\n')} return { ${entries.join(', ')} }; }`;
  return compileCode(code, Object.fromEntries(fields.map(({ complete }, index) => [`complete${index}`, complete])));
}
