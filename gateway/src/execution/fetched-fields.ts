import type { FetchNode } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';
import type { GraphQLSchema, SelectionSetNode } from 'graphql';

import { fragmentsOf } from './collect-fields.ts';
import { isOfType } from './type-conditions.ts';

// What a fetch would have answered, had it answered: needed to tell the client which fields a failed fetch cost.

export interface FetchedFields {
  /** Response names at the root of the answer. */
  root(): readonly string[];
  /** Response names of one entity, by its type. */
  entity(typename: string): readonly string[];
}

export function readFetchedFields(node: FetchNode, schema: GraphQLSchema): FetchedFields {
  const document = parse(node.operation, { noLocation: true });
  const fragments = fragmentsOf(document);
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  const selections = operation?.selectionSet.selections ?? [];

  const namesIn = (selectionSet: SelectionSetNode, typename: string | null): readonly string[] =>
    selectionSet.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) {
        const { value } = selection.alias ?? selection.name;
        return selection.name.value === '__typename' ? [] : [value];
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : (fragments.get(selection.name.value) ?? null);
      const condition = fragment?.typeCondition?.name.value;
      if (!fragment || !applies(condition, typename, schema)) return [];
      return namesIn(fragment.selectionSet, typename);
    });

  return {
    root: () => (operation ? unique(namesIn(operation.selectionSet, null)) : []),
    entity: (typename) =>
      unique(
        selections.flatMap((selection) =>
          selection.kind === Kind.FIELD && selection.selectionSet ? namesIn(selection.selectionSet, typename) : [],
        ),
      ),
  };
}

function applies(condition: string | undefined, typename: string | null, schema: GraphQLSchema): boolean {
  return condition === undefined || typename === null || isOfType(schema, typename, condition);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
