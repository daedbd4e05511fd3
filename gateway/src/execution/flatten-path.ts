import type { JsonObject, ResponsePath } from './response-data.ts';
import { isJsonObject, own } from './response-data.ts';

// Where in the data a fetch belongs. A plan says `users.@.reviews`: `@` stands for every item of a list. What is null on the way
// has nothing to be completed.

/** The path of a flatten node. */
export type FlattenPath = readonly string[];

/** An object in the data, and where the client sees it. */
export interface PlacedObject {
  object: JsonObject;
  path: ResponsePath;
}

/** Every object at `path`, list items in order. An object that stands at several places comes once for each. */
export function objectsAt(data: JsonObject, path: FlattenPath): readonly JsonObject[] {
  let values: unknown[] = [data];
  for (const part of path) {
    const next: unknown[] = [];
    if (part === '@') for (const value of values) pushItems(value, next);
    else if (part in Object.prototype) for (const value of values) pushOwn(value, part, next);
    else for (const value of values) pushNamed(value, part, next);
    values = next;
  }
  return values.filter(isJsonObject);
}

function pushItems(value: unknown, next: unknown[]): void {
  if (Array.isArray(value)) for (const item of value) if (item !== null) next.push(item);
}

function pushNamed(value: unknown, name: string, next: unknown[]): void {
  const child = (value as JsonObject)[name];
  if (child !== null && child !== undefined) next.push(child);
}

// A name that every object has by inheritance.
function pushOwn(value: unknown, name: string, next: unknown[]): void {
  const child = isJsonObject(value) ? own(value, name) : null;
  if (child !== null && child !== undefined) next.push(child);
}

/** The same with the place of each object; slower, for errors. */
export function placedObjectsAt(data: JsonObject, path: FlattenPath): readonly PlacedObject[] {
  let places: { value: unknown; path: ResponsePath }[] = [{ value: data, path: [] }];
  for (const part of path)
    places = places.flatMap(({ value, path: walked }) => {
      if (part !== '@') return isJsonObject(value) ? [{ value: own(value, part), path: [...walked, part] }] : [];
      return Array.isArray(value)
        ? value.map((item: unknown, index) => ({ value: item, path: [...walked, index] }))
        : [];
    });
  return places.flatMap(({ value, path: walked }) => (isJsonObject(value) ? [{ object: value, path: walked }] : []));
}

/** Every object at `path` with the objects it lies within, the innermost last. In the order of `objectsAt`. */
export function objectsWithAncestors(
  data: JsonObject,
  path: FlattenPath,
): readonly { object: JsonObject; ancestors: readonly JsonObject[] }[] {
  let places: { value: unknown; ancestors: readonly JsonObject[] }[] = [{ value: data, ancestors: [] }];
  for (const part of path)
    places = places.flatMap(({ value, ancestors }) => {
      if (part !== '@')
        return isJsonObject(value) ? [{ value: own(value, part), ancestors: [...ancestors, value] }] : [];
      return Array.isArray(value) ? value.map((item: unknown) => ({ value: item, ancestors })) : [];
    });
  return places.flatMap(({ value, ancestors }) => (isJsonObject(value) ? [{ object: value, ancestors }] : []));
}
