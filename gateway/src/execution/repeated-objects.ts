import type { FoundObjects } from './execution-state.ts';
import type { IsEqual } from './equal-objects.ts';
import type { JsonObject } from './response-data.ts';

// An entity often stands at many places: one author of fifty comments. Where all that is known of it is the same at each, one object
// takes these places, and what belongs to it is found, merged, shaped and written once.

/** Objects that stand at several places of the data. */
export type RepeatedObjects = Map<JsonObject, RepeatedObject>;

/** What such an object has become in the answer. */
export interface RepeatedObject {
  /** Null until it was shaped without an error. */
  shaped: ReusedObject | null;
  /** Who shaped it: another place may take other fields of it. */
  shapedBy: unknown;
}

/** An object of the answer that may stand at several places. */
export interface ReusedObject {
  object: JsonObject;
  places: number;
}

/** What becomes of objects among which some are equal. */
export interface United {
  /** Each object once. */
  found: FoundObjects;
  /** For each of the objects as they were found, the one that takes its place. */
  replacements: readonly JsonObject[];
}

/** Null where no two are equal. Those that have others' places are added to `repeated`. */
export function uniteEqual(
  { objects, values, targets, slots }: FoundObjects,
  { isEqual, repeated }: { isEqual: IsEqual; repeated: RepeatedObjects },
): United | null {
  const found = { objects: [] as JsonObject[], values, targets: [] as JsonObject[], slots: [] as number[] };
  const replacements: JsonObject[] = [];
  const firsts: JsonObject[] = []; // by slot: what is equal has the same representation
  let index = 0; // of the next target
  for (const object of objects) {
    const isTarget = object === targets[index];
    const slot = isTarget ? slots[index]! : -1;
    const first = isTarget ? firsts[slot] : undefined;
    if (isTarget) index += 1;
    if (first !== undefined && (first === object || isEqual(first, object))) {
      replacements.push(first);
      if (!repeated.has(first)) repeated.set(first, { shaped: null, shapedBy: null });
      continue;
    }
    replacements.push(object);
    found.objects.push(object);
    if (!isTarget) continue;
    if (first === undefined) firsts[slot] = object;
    found.targets.push(object);
    found.slots.push(slot);
  }
  return found.objects.length < objects.length ? { found, replacements } : null;
}
