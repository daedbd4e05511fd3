import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';

import { compileRewrites } from './rewrites.ts';
import type { JsonObject } from './response-data.ts';
import { copyOf, isJsonObject, mergeInto, own } from './response-data.ts';
import { isOfType } from './type-conditions.ts';

// What an entity fetch sends: one representation for each distinct entity, however often it stands in the data. A list of a
// hundred reviews of one product asks for one product.

export interface Representations {
  /** Distinct, in the order in which they were met. */
  values: JsonObject[];
  /** Objects that have one. */
  targets: JsonObject[];
  /** For each target the index of its representation. */
  slots: number[];
}

/** Collects the representations of `objects`; an object without every required field has none. */
export type Represent = (objects: readonly JsonObject[]) => Representations;

/** Takes what is required out of an object; null when a required field is missing. */
type Extract = (source: JsonObject) => JsonObject | null;

/** What is taken of objects of one type. */
interface Extraction {
  /** `nested` is null where the value is taken as it is. */
  fields: readonly { name: string; nested: Extract | null }[];
  /** Each adds what it finds, or nothing when it lacks something. */
  fragments: readonly Extract[];
}

export function compileRepresent(
  {
    requires,
    inputRewrites,
  }: { requires: readonly QueryPlanSelectionNode[]; inputRewrites?: readonly FetchDataRewrite[] | undefined },
  schema: GraphQLSchema,
): Represent {
  const rewrite = compileRewrites(inputRewrites, schema);
  const extract = compileExtract(requires, schema);
  const plainFieldsByType = new Map<string, readonly string[] | null>();
  const plainFieldsOf = (typename: string): readonly string[] | null => {
    let names = plainFieldsByType.get(typename);
    if (names === undefined && !schema.getType(typename)) return null; // made up, and not worth keeping
    if (names === undefined) plainFieldsByType.set(typename, (names = findPlainFields(requires, typename, schema)));
    return names;
  };

  return (objects) => {
    const found: Representations = { values: [], targets: [], slots: [] };
    const slotsByText = new Map<string, number>();
    const addRepresentation = (representation: JsonObject): number => {
      rewrite?.(representation);
      return found.values.push(representation) - 1;
    };
    // Entities of a list are of one type, mostly.
    const slotsByType = new Map<string, SlotsByValues>();
    let type: string | null = null;
    let names: readonly string[] | null = null;
    let slots: SlotsByValues = new Map();

    for (const object of objects) {
      const typename = object.__typename;
      if (typeof typename === 'string' && typename !== type) {
        type = typename;
        names = plainFieldsOf(typename);
        slots = slotsByType.get(typename) ?? new Map<unknown, never>();
        slotsByType.set(typename, slots);
      }
      if (names !== null && typename === type && hasPlainValues(object, names)) {
        found.targets.push(object);
        found.slots.push(slotOf(object, { names, slots, addRepresentation }));
        continue;
      }
      const representation = extract(object);
      if (!representation?.__typename) continue;
      const text = JSON.stringify(representation);
      let slot = slotsByText.get(text);
      if (slot === undefined) slotsByText.set(text, (slot = addRepresentation(representation)));
      found.targets.push(object);
      found.slots.push(slot);
    }
    return found;
  };
}

/** Index of a representation by the values of its fields, one level of maps for each field. */
type SlotsByValues = Map<unknown, SlotsByValues | number>;

function hasPlainValues(object: JsonObject, names: readonly string[]): boolean {
  for (const name of names) {
    const value = object[name];
    if (value === undefined || (typeof value === 'object' && value !== null)) return false;
  }
  return true;
}

function slotOf(
  object: JsonObject,
  {
    names,
    slots,
    addRepresentation,
  }: { names: readonly string[]; slots: SlotsByValues; addRepresentation: (representation: JsonObject) => number },
): number {
  const last = names.length - 1;
  let level = slots;
  for (let index = 0; index < last; index += 1) {
    const value = object[names[index]!];
    let next = level.get(value) as SlotsByValues | undefined;
    if (!next) level.set(value, (next = new Map<unknown, never>()));
    level = next;
  }
  const value = object[names[last]!];
  const known = level.get(value) as number | undefined;
  if (known !== undefined) return known;
  const representation: JsonObject = { __typename: object.__typename };
  for (const name of names) representation[name] = object[name];
  const slot = addRepresentation(representation);
  level.set(value, slot);
  return slot;
}

/**
 * The fields that are required of a type besides `__typename`, when each of them is taken as it is and nothing else is required.
 * Such objects, by far the most, are compared by their values, without making a text of each.
 */
function findPlainFields(
  requires: readonly QueryPlanSelectionNode[],
  typename: string,
  schema: GraphQLSchema,
): readonly string[] | null {
  const [fragment, ...others] = requires.filter((selection) => {
    if (selection.kind === 'Field' || selection.typeCondition === undefined) return true;
    return isOfType(schema, typename, selection.typeCondition);
  });
  if (fragment?.kind !== 'InlineFragment' || others.length > 0) return null;
  const names: string[] = [];
  for (const selection of fragment.selections) {
    if (selection.kind !== 'Field' || selection.selections !== undefined || selection.alias !== undefined) return null;
    if (selection.name in Object.prototype) return null;
    if (selection.name !== '__typename') names.push(selection.name);
  }
  const isNamed = fragment.selections.length === names.length + 1;
  return isNamed && names.length > 0 && new Set(names).size === names.length ? names : null;
}

function compileExtract(selections: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): Extract {
  const byTypename = new Map<string, Extraction>();
  const ofUnknownType = compileExtraction(selections, undefined, schema);
  const extractionFor = (typename: unknown): Extraction => {
    if (typeof typename !== 'string') return ofUnknownType;
    let extraction = byTypename.get(typename);
    if (extraction) return extraction;
    if (!schema.getType(typename)) return ofUnknownType; // made up, and not worth keeping
    byTypename.set(typename, (extraction = compileExtraction(selections, typename, schema)));
    return extraction;
  };
  return (source) => {
    const extraction = extractionFor(source.__typename);
    const result: JsonObject = {};
    for (const { name, nested } of extraction.fields) {
      const value = own(source, name);
      if (value === undefined) return null;
      result[name] = nested === null ? copyOf(value) : takeNested(value, nested);
    }
    for (const fragment of extraction.fragments) {
      const part = fragment(source);
      if (part) mergeInto(result, part);
    }
    return result;
  };
}

function compileExtraction(
  selections: readonly QueryPlanSelectionNode[],
  typename: string | undefined,
  schema: GraphQLSchema,
): Extraction {
  const fields: { name: string; nested: Extract | null }[] = [];
  const fragments: Extract[] = [];
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const nested = selection.selections ? compileExtract(selection.selections, schema) : null;
      fields.push({ name: selection.alias ?? selection.name, nested });
    } else if (selection.typeCondition !== undefined && typename !== undefined) {
      if (isOfType(schema, typename, selection.typeCondition))
        fragments.push(compileExtract(selection.selections, schema));
    }
  }
  return { fields, fragments };
}

function takeNested(value: unknown, nested: Extract): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => takeNested(item, nested));
  return isJsonObject(value) ? nested(value) : value;
}
