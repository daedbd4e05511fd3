import { GraphQLError, isNonNullType } from 'graphql';
import type { FieldNode, GraphQLObjectType } from 'graphql';

import { forbidden, unauthenticated } from '@tributary/kit/errors';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { CollectedFields } from './collect-fields.ts';
import type { ResponsePath } from './response-data.ts';

// Fields that the caller may not have, as the client is told of them: the same words, codes and places as if a subgraph had refused.

export function denialErrors(
  paths: readonly ResponsePath[],
  { principal }: Pick<SubgraphCall, 'principal'>,
): readonly GraphQLError[] {
  const { message, code } = principal === null ? unauthenticated() : forbidden();
  return paths.map((path) => new GraphQLError(message, { path, extensions: { code } }));
}

/**
 * Denied fields at the root of an operation one of which must not be null: with it the whole answer is null, whatever the others are,
 * so none of them needs to run, and no change happens that the client would not be told of. Empty where there is no such field.
 */
export function deniedRootOf(
  fields: CollectedFields,
  type: GraphQLObjectType,
  denied: ReadonlySet<FieldNode>,
): readonly ResponsePath[] {
  const found = [...fields].filter(([, nodes]) => nodes.some((each) => denied.has(each)));
  const isLost = found.some(([, [node]]) => node && isNonNullType(type.getFields()[node.name.value]?.type));
  return isLost ? found.map(([name]) => [name]) : [];
}
