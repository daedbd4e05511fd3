import { invariant } from '@tributary/kit/invariant';

import { compileCode, propertyOf, readOf, textOf } from './generated-code.ts';
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

/** Finds every object at `path` within each of `starts`, list items in order. An object that stands at several places comes once for each. */
export function compileObjectsAt(path: FlattenPath): (starts: readonly JsonObject[]) => readonly JsonObject[] {
  const last = `v${path.length}`;
  const body = loops(path, `if (isJsonObject(${last})) found.push(${last});`);
  return compileCode(`(starts) => { const found = []; ${body} return found; }`, { isJsonObject });
}

/** Puts one object after the other in the place of those that `compileObjectsAt` finds. The path is not empty. */
export function compileReplaceAt(
  path: FlattenPath,
): (starts: readonly JsonObject[], replacements: readonly JsonObject[]) => void {
  const part = path.at(-1);
  invariant(part !== undefined, 'What is replaced stands within something.');
  const holder = `v${path.length - 1}`;
  const replace = (slot: string) => `if (isJsonObject(${slot})) ${slot} = replacements[next++];`;
  const innermost =
    part === '@'
      ? `if (Array.isArray(${holder})) for (let i = 0; i < ${holder}.length; i += 1) ${replace(`${holder}[i]`)}`
      : `if (Object.hasOwn(${holder}, ${textOf(part)})) ${replace(propertyOf(holder, part))}`;
  const body = loops(path.slice(0, -1), innermost);
  return compileCode(`(starts, replacements) => { let next = 0; ${body} }`, { isJsonObject });
}

// A loop for each list, one within the other: with a list of objects for each level, those are most of what a fetch throws away.
function loops(path: FlattenPath, innermost: string): string {
  const levels = path.map((part, depth) => {
    const [from, to] = [`v${depth}`, `v${depth + 1}`];
    return part === '@'
      ? `if (Array.isArray(${from})) for (const ${to} of ${from}) if (${to} !== null) {`
      : `const ${to} = ${readOf(from, part)}; if (${to} !== null && ${to} !== undefined) {`;
  });
  return `for (const v0 of starts) { ${levels.join('\n')} ${innermost} ${'}'.repeat(levels.length)} }`;
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

/** Every object at `path` with the objects it lies within, the innermost last. In the order of `compileObjectsAt`. */
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
