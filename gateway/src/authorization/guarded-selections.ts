import { getNamedType, isCompositeType, isInterfaceType, isUnionType, Kind } from 'graphql';
import type {
  DocumentNode,
  GraphQLCompositeType,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

import { fragmentsOf } from '../execution/collect-fields.ts';
import type { AccessRequirement } from './access-requirements.ts';
import type { EffectiveRequirements } from './effective-requirements.ts';

// Which selections of an operation ask something of the caller. Found once per operation; who meets what is a matter of the request.

export interface GuardedSelections {
  /** Everything that some selection asks for, each once. */
  requirements: readonly AccessRequirement[];
  /** Names of the policies among them. */
  policies: readonly string[];
  /** For each guarded selection the positions of its requirements. */
  bySelection: ReadonlyMap<SelectionNode, readonly number[]>;
}

/**
 * A field is guarded by its own requirements and by those of the type it returns, a fragment by those of its type condition. What is
 * merely an interface counts only where fields of the interface itself are selected: fragments on the types behind it have guards of
 * their own. `__typename` is free.
 */
export function findGuardedSelections(
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  { schema, effective }: { schema: GraphQLSchema; effective: EffectiveRequirements },
): GuardedSelections {
  const requirements: AccessRequirement[] = [];
  const bySelection = new Map<SelectionNode, readonly number[]>();
  const fragments = fragmentsOf(document);
  const visited = new Set<string>();

  const positionOf = (requirement: AccessRequirement): number => {
    const text = JSON.stringify(requirement);
    const known = requirements.findIndex((each) => JSON.stringify(each) === text);
    return known === -1 ? requirements.push(requirement) - 1 : known;
  };
  const guard = (selection: SelectionNode, asked: readonly AccessRequirement[]) => {
    if (asked.length > 0) bySelection.set(selection, [...new Set(asked.map(positionOf))]);
  };
  const askedBy = (type: GraphQLNamedType | undefined, selected: SelectionSetNode | undefined) => {
    if (type === undefined || isUnionType(type)) return [];
    return isInterfaceType(type) && selected && !selectsFields(selected) ? [] : effective.ofType(type.name);
  };

  const visitSet = ({ selections }: SelectionSetNode, parent: GraphQLCompositeType): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        const field = 'getFields' in parent ? parent.getFields()[name] : undefined;
        if (!field) continue; // __typename, __schema and __type
        const type = getNamedType(field.type);
        const ofRoot = schema.getRootType(operation.operation) === parent ? effective.ofType(parent.name) : [];
        guard(selection, [
          ...ofRoot,
          ...effective.ofField(parent.name, name),
          ...askedBy(type, selection.selectionSet),
        ]);
        if (selection.selectionSet && isCompositeType(type)) visitSet(selection.selectionSet, type);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (!fragment) continue;
      const type = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent;
      if (fragment.typeCondition) guard(selection, askedBy(type, fragment.selectionSet));
      if (!isCompositeType(type)) continue;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(selection.name.value)) continue; // looked at already: the same wherever it is spread
        visited.add(selection.name.value);
      }
      visitSet(fragment.selectionSet, type);
    }
  };
  const root = schema.getRootType(operation.operation);
  if (root && !effective.isEmpty) visitSet(operation.selectionSet, root);
  const policies = [...new Set(requirements.flatMap((each) => each.policies.flat()))];
  return { requirements, policies, bySelection };
}

function selectsFields({ selections }: SelectionSetNode): boolean {
  return selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value !== '__typename';
    return selection.kind === Kind.INLINE_FRAGMENT && !selection.typeCondition && selectsFields(selection.selectionSet);
  });
}
