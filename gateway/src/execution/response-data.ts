// The data that fetches bring in: plain JSON, merged into one tree per request. Names come from subgraphs, so none of them may
// reach behind an object.

export type JsonObject = Record<string, unknown>;

/** A position in data: response names, and indexes of list items. */
export type ResponsePath = readonly (string | number)[];

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a name that may be that of an inherited property. */
export function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * Adds `source` to `target`: objects are merged, lists of one length item by item, everything else is replaced. Parts of `source`
 * become parts of `target` without being copied.
 */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  for (const name in source) {
    const value = source[name];
    // As a name in JSON it is a property like any other, but assigning it would exchange the prototype.
    if (value === undefined || name === '__proto__') continue;
    if (typeof value !== 'object' || value === null) {
      target[name] = value;
      continue;
    }
    const existing = target[name];
    if (typeof existing !== 'object' || existing === null) target[name] = value;
    else target[name] = mergedValue(existing, value);
  }
}

/** What takes the place of `existing` when `value` is merged into it. */
export function mergedValue(existing: object, value: object): unknown {
  if (isJsonObject(existing) && isJsonObject(value)) {
    if (existing !== value) mergeInto(existing, value);
    return existing;
  }
  if (!Array.isArray(existing) || !Array.isArray(value) || existing.length !== value.length) return value;
  for (let index = 0; index < value.length; index += 1) {
    const item: unknown = value[index];
    const before: unknown = existing[index];
    const bothComposite = typeof before === 'object' && before !== null && typeof item === 'object' && item !== null;
    existing[index] = bothComposite ? mergedValue(before, item) : item;
  }
  return existing as unknown;
}

/** A copy that shares nothing with `value`. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: JsonObject = {};
  for (const name in value) if (name !== '__proto__') copy[name] = copyOf((value as JsonObject)[name]);
  return copy as T;
}
