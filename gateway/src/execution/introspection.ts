import { executeSync, Kind } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode, SelectionNode } from 'graphql';

import { isIntrospectionField } from './collect-fields.ts';
import type { JsonObject } from './response-data.ts';

// `__schema` and `__type` are answered from the schema that clients see; no subgraph is asked.

/** Answers the introspection fields at the root of an operation; null when it has none. */
export function compileIntrospection(
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  schema: GraphQLSchema,
): ((variables: Readonly<Record<string, unknown>>) => JsonObject) | null {
  const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  const keep = (selections: readonly SelectionNode[]): readonly SelectionNode[] =>
    selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return isIntrospectionField(selection) ? [selection] : [];
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : fragments.find(({ name }) => name.value === selection.name.value);
      const kept = fragment ? keep(fragment.selectionSet.selections) : [];
      if (kept.length === 0) return [];
      const { directives = [] } = selection;
      return [{ kind: Kind.INLINE_FRAGMENT, directives, selectionSet: { kind: Kind.SELECTION_SET, selections: kept } }];
    });
  const selections = keep(operation.selectionSet.selections);
  if (selections.length === 0) return null;
  const introspection: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } }, ...fragments],
  };
  return (variableValues) => {
    const { data, errors } = executeSync({ schema, document: introspection, variableValues });
    if (!data) throw new Error('The schema could not be read.', { cause: errors });
    return data;
  };
}
