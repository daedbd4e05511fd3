import type { FetchDataKeyRenamer } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';

import { objectsWithAncestors } from './flatten-path.ts';
import type { FlattenPath } from './flatten-path.ts';
import { copyOf, isJsonObject, own } from './response-data.ts';
import type { JsonObject } from './response-data.ts';
import { isOfType } from './type-conditions.ts';

// `@fromContext`: an argument of a field takes its value from an object further up in the answer. A rewrite says where:
// `..` is the object around, `... on User` a condition on what it is, a name a field of it.

/** Objects that agree in every value taken from their surroundings, and so go into one fetch. */
export interface ContextGroup {
  objects: JsonObject[];
  /** By the name of the fetch's variable. */
  arguments: JsonObject;
}

type GroupByContext = (data: JsonObject, path: FlattenPath) => readonly ContextGroup[];

const UP = '..';
const TYPE_CONDITION = '... on ';

/** Null for a fetch that takes nothing from its surroundings. */
export function compileContexts(
  rewrites: readonly FetchDataKeyRenamer[] | undefined,
  schema: GraphQLSchema,
): GroupByContext | null {
  if (rewrites === undefined || rewrites.length === 0) return null;
  const names = [...new Set(rewrites.map(({ renameKeyTo }) => renameKeyTo))];
  return (data, path) => {
    const groups = new Map<string, ContextGroup>();
    for (const { object, ancestors } of objectsWithAncestors(data, path)) {
      const values: JsonObject = {};
      for (const { path: steps, renameKeyTo } of rewrites) {
        const value = valueAt(steps, [...ancestors, object], schema);
        if (value !== undefined) values[renameKeyTo] = value;
      }
      // What lies in something of another type is the business of another fetch; and a value that could not be fetched is not made up.
      if (!names.every((name) => Object.hasOwn(values, name))) continue;
      const key = JSON.stringify(values);
      const group = groups.get(key);
      if (group) group.objects.push(object);
      else groups.set(key, { objects: [object], arguments: values });
    }
    return [...groups.values()];
  };
}

/** Undefined when a type condition does not hold, or the field is not there. */
function valueAt(steps: readonly string[], surroundings: readonly JsonObject[], schema: GraphQLSchema): unknown {
  const ups = steps.filter((step) => step === UP).length;
  let value: unknown = surroundings.at(-1 - ups);
  for (const step of steps) {
    if (step === UP) continue;
    if (step.startsWith(TYPE_CONDITION)) {
      const typename = isJsonObject(value) ? value.__typename : undefined;
      if (typeof typename !== 'string' || !isOfType(schema, typename, step.slice(TYPE_CONDITION.length)))
        return undefined;
    } else value = stepInto(value, step);
  }
  return copyOf(value);
}

function stepInto(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => stepInto(item, name));
  return isJsonObject(value) ? own(value, name) : value === null ? null : undefined;
}
