import { isAbstractType, isObjectType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';

import { fieldTypesOf, JOIN_FIELD, joinsOf } from './join-directives.ts';
import type { FieldsDefinitionNode } from './join-directives.ts';

// `@override(from:, label:)` moves a field from one subgraph to another for a part of the requests. Labels that cannot matter to an
// operation must not multiply its plans, so those that can are found first: the ones of the types whose fields it selects. Keys and
// required fields have none; composition refuses them there.

export interface OverrideLabels {
  /** Labels that may change the plan of an operation, sorted. */
  relevantTo(document: DocumentNode): readonly string[];
}

/** `schema`: the one that clients see; the document is the supergraph. */
export function readOverrideLabels(document: DocumentNode, schema: GraphQLSchema): OverrideLabels {
  const labels = new Map<string, readonly string[]>();
  for (const [name, type] of fieldTypesOf(document)) {
    const found = labelsOf(type);
    if (found.length > 0) labels.set(name, found);
  }
  return {
    relevantTo: (operation) => {
      if (labels.size === 0) return [];
      const types = new Set<string>();
      const typeInfo = new TypeInfo(schema);
      const enter = () => {
        const parent = typeInfo.getParentType();
        if (parent && !types.has(parent.name)) for (const each of withRelatives(parent.name, schema)) types.add(each);
      };
      visit(operation, visitWithTypeInfo(typeInfo, { Field: { enter } }));
      return [...new Set([...types].flatMap((name) => labels.get(name) ?? []))].sort();
    },
  };
}

function labelsOf({ fields = [] }: FieldsDefinitionNode): readonly string[] {
  return fields.flatMap((field) => joinsOf(field, JOIN_FIELD).flatMap(({ overrideLabel }) => overrideLabel ?? []));
}

// Whoever asks an interface may be answered by any type behind it, and an interface object may answer for the type.
function withRelatives(name: string, schema: GraphQLSchema): readonly string[] {
  const type = schema.getType(name);
  if (isAbstractType(type)) return [name, ...schema.getPossibleTypes(type).map((each) => each.name)];
  return isObjectType(type) ? [name, ...type.getInterfaces().map((each) => each.name)] : [name];
}
