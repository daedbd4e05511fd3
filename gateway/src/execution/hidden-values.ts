import { isEnumType, isObjectType } from 'graphql';
import type { GraphQLCompositeType, GraphQLEnumType, GraphQLSchema } from 'graphql';

import { isOfType } from './type-conditions.ts';

// What is `@inaccessible` exists for subgraphs and not for clients. A subgraph that answers with it does nothing wrong.

/** The schema that clients see, and the one with what they do not see. */
export interface VisibleAndFull {
  schema: GraphQLSchema;
  fullSchema: GraphQLSchema;
}

/** Whether objects of this type may be where the schema promises a `place`, and clients cannot see the type. */
export function isHiddenType(
  typename: string,
  place: GraphQLCompositeType,
  { schema, fullSchema }: VisibleAndFull,
): boolean {
  if (schema.getType(typename) || !isObjectType(fullSchema.getType(typename))) return false;
  return isOfType(fullSchema, typename, place.name);
}

/** The values of an enum that clients cannot see. */
export function hiddenValuesOf(type: GraphQLEnumType, { fullSchema }: VisibleAndFull): ReadonlySet<unknown> {
  const full = fullSchema.getType(type.name);
  const names = isEnumType(full) ? full.getValues().map(({ name }) => name) : [];
  return new Set(names.filter((name) => !type.getValue(name)));
}
