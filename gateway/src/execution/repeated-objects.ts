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

/** Each object once. `others`: those that are equal to another one, and that one. Null where no two are equal. */
export function uniteEqual(
  { objects, values, targets, slots }: FoundObjects,
  isEqual: IsEqual,
): { found: FoundObjects; others: ReadonlyMap<JsonObject, JsonObject> } | null {
  const firsts: JsonObject[] = []; // by slot
  const others = new Map<JsonObject, JsonObject>();
  const found: FoundObjects = { objects, values, targets: [], slots: [] };
  for (let index = 0; index < targets.length; index += 1) {
    const target = targets[index]!;
    const slot = slots[index]!;
    const first = firsts[slot];
    if (first !== undefined && (first === target || isEqual(first, target))) {
      others.set(target, first);
      continue;
    }
    if (first === undefined) firsts[slot] = target;
    found.targets.push(target);
    found.slots.push(slot);
  }
  if (others.size === 0) return null;
  found.objects = [...new Set(objects.map((object) => others.get(object) ?? object))];
  return { found, others };
}

export const newRepeated = (): RepeatedObjects => new Map();

export function addRepeated(repeated: RepeatedObjects, objects: Iterable<JsonObject>): void {
  for (const object of objects) if (!repeated.has(object)) repeated.set(object, { shaped: null, shapedBy: null });
}
