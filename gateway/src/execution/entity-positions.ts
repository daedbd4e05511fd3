import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { ResponsePath } from './plan-index.ts';

// An entity fetch answers a list of representations. Which object of the client's answer each of them stands for is known only
// from the data gathered so far: objects that are null, or lack a field the fetch requires, have no representation.

type Data = Readonly<Record<string, unknown>>;

/**
 * Response path of every object that a fetch at `path` sends a representation for, in the order of the representations.
 * `roots` are the answers of the root fetches in the order they were merged; later answers were merged into their objects.
 */
export function representedPaths(
  roots: readonly Data[],
  path: ResponsePath,
  requires: readonly QueryPlanSelectionNode[],
  schema: GraphQLSchema,
): readonly ResponsePath[] {
  return objectsAt(roots, path)
    .filter(({ object }) => isRepresentable(object, requires, schema))
    .map((each) => each.path);
}

/** Every object at `path`, list items in order, null left out. */
export function objectsAt(roots: readonly Data[], path: ResponsePath): readonly { object: Data; path: ResponsePath }[] {
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
): readonly { object: Data; path: ResponsePath }[] {
  if (value === null || typeof value !== 'object') return [];
  const [head, ...rest] = path;
  if (Array.isArray(value)) {
    const remaining = head === '@' ? rest : path;
    return value.flatMap((item, index) => descend(item, remaining, [...walked, index]));
  }
  if (head === undefined) return [{ object: value as Data, path: walked }];
  return descend(own(value as Data, String(head)), rest, [...walked, head]);
}

function isRepresentable(object: Data, requires: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): boolean {
  return knowsTypename(object, requires, schema) === true;
}

// Null: a required field is missing, so nothing of this selection is sent.
function knowsTypename(
  object: Data,
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
    } else if (selection.typeCondition !== undefined && isOfType(object, selection.typeCondition, schema)) {
      known = knowsTypename(object, selection.selections, schema) === true || known;
    }
  }
  return known;
}

function isOfType(object: Data, typeCondition: string, schema: GraphQLSchema): boolean {
  const typename = own(object, '__typename');
  if (typeof typename !== 'string') return false;
  if (typename === typeCondition) return true;
  const type = schema.getType(typename);
  const condition = schema.getType(typeCondition);
  if (!isAbstractType(condition) || !(isObjectType(type) || isInterfaceType(type))) return false;
  return schema.isSubType(condition, type);
}

function own(object: Data, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
