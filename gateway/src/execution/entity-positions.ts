import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';

import type { JsonObject, ResponsePath } from './response-data.ts';
import { own } from './response-data.ts';
import { isOfType } from './type-conditions.ts';

// An entity fetch answers a list of representations. Which object of the client's answer each of them stands for is known only
// from the data gathered so far: objects that are null, or lack a field the fetch requires, have no representation.

/**
 * Response path of every object that a fetch at `path` sends a representation for, in the order of the representations.
 * `roots` are the answers of the root fetches in the order they were merged; later answers were merged into their objects.
 */
export function representedPaths(
  roots: readonly JsonObject[],
  path: ResponsePath,
  requires: readonly QueryPlanSelectionNode[],
  schema: GraphQLSchema,
): readonly ResponsePath[] {
  return objectsAt(roots, path)
    .filter(({ object }) => isRepresentable(object, requires, schema))
    .map((each) => each.path);
}

/** Every object at `path`, list items in order, null left out. */
export function objectsAt(
  roots: readonly JsonObject[],
  path: ResponsePath,
): readonly { object: JsonObject; path: ResponsePath }[] {
  const [first, ...rest] = path;
  if (typeof first !== 'string') return [];
  // Two root fetches may answer the same field; the second one was merged into what the first one brought.
  const value = roots.map((root) => own(root, first)).find((each) => each !== null && each !== undefined);
  return descend(value, rest, [first]);
}

function descend(
  value: unknown,
  path: ResponsePath,
  walked: ResponsePath,
): readonly { object: JsonObject; path: ResponsePath }[] {
  if (value === null || typeof value !== 'object') return [];
  const [head, ...rest] = path;
  if (Array.isArray(value)) {
    const remaining = head === '@' ? rest : path;
    return value.flatMap((item, index) => descend(item, remaining, [...walked, index]));
  }
  if (head === undefined) return [{ object: value as JsonObject, path: walked }];
  return descend(own(value as JsonObject, String(head)), rest, [...walked, head]);
}

function isRepresentable(
  object: JsonObject,
  requires: readonly QueryPlanSelectionNode[],
  schema: GraphQLSchema,
): boolean {
  return knowsTypename(object, requires, schema) === true;
}

// Null: a required field is missing, so nothing of this selection is sent.
function knowsTypename(
  object: JsonObject,
  selections: readonly QueryPlanSelectionNode[],
  schema: GraphQLSchema,
): boolean | null {
  let known = false;
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const name = selection.alias ?? selection.name;
      const value = own(object, name);
      if (value === undefined) return null;
      if (name === '__typename' && Boolean(value)) known = true;
    } else if (
      selection.typeCondition !== undefined &&
      isOfType(schema, String(own(object, '__typename')), selection.typeCondition)
    ) {
      known = knowsTypename(object, selection.selections, schema) === true || known;
    }
  }
  return known;
}
