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
  // By type name: the single plain key field of its representations, if that is all there is to them.
  const plainKeys = new Map<string, string | null>();
  const plainKeyOf = (typename: string): string | null => {
    let key = plainKeys.get(typename);
    if (key === undefined) plainKeys.set(typename, (key = findPlainKey(requires, typename, schema)));
    return key;
  };

  return (objects) => {
    const found: Representations = { values: [], targets: [], slots: [] };
    const slotsByKey = new Map<string, Map<unknown, number>>();
    const slotsByText = new Map<string, number>();
    const add = (object: JsonObject, slot: number) => {
      found.targets.push(object);
      found.slots.push(slot);
    };
    for (const object of objects) {
      const typename = object.__typename;
      const key = typeof typename === 'string' ? plainKeyOf(typename) : null;
      const value = key === null ? undefined : own(object, key);
      if (key !== null && (typeof value === 'string' || typeof value === 'number')) {
        let slots = slotsByKey.get(typename as string);
        if (!slots) slotsByKey.set(typename as string, (slots = new Map<unknown, number>()));
        let slot = slots.get(value);
        if (slot === undefined) {
          const representation: JsonObject = { __typename: typename, [key]: value };
          rewrite?.(representation);
          slots.set(value, (slot = found.values.push(representation) - 1));
        }
        add(object, slot);
        continue;
      }
      const representation = extract(object);
      if (!representation?.__typename) continue;
      rewrite?.(representation);
      const text = JSON.stringify(representation);
      let slot = slotsByText.get(text);
      if (slot === undefined) slotsByText.set(text, (slot = found.values.push(representation) - 1));
      add(object, slot);
    }
    return found;
  };
}

/** The one field besides `__typename` that is required of a type, when it is required just once and as it is. */
function findPlainKey(
  requires: readonly QueryPlanSelectionNode[],
  typename: string,
  schema: GraphQLSchema,
): string | null {
  const [fragment, ...others] = requires.filter((selection) => {
    return (
      selection.kind !== 'InlineFragment' ||
      selection.typeCondition === undefined ||
      isOfType(schema, typename, selection.typeCondition)
    );
  });
  if (fragment?.kind !== 'InlineFragment' || others.length > 0 || fragment.selections.length !== 2) return null;
  const [first, second] = fragment.selections;
  if (first?.kind !== 'Field' || first.name !== '__typename' || first.alias !== undefined) return null;
  if (second?.kind !== 'Field' || second.selections !== undefined) return null;
  return second.alias ?? second.name;
}

function compileExtract(selections: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): Extract {
  const byTypename = new Map<unknown, Extraction>();
  return (source) => {
    const typename = source.__typename;
    let extraction = byTypename.get(typename);
    if (!extraction) byTypename.set(typename, (extraction = compileExtraction(selections, typename, schema)));
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
  typename: unknown,
  schema: GraphQLSchema,
): Extraction {
  const fields: { name: string; nested: Extract | null }[] = [];
  const fragments: Extract[] = [];
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const nested = selection.selections ? compileExtract(selection.selections, schema) : null;
      fields.push({ name: selection.alias ?? selection.name, nested });
    } else if (selection.typeCondition !== undefined && typeof typename === 'string') {
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
