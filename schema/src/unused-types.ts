import { Kind, visit } from 'graphql';
import type { TypeDefinitionNode } from 'graphql';

const rootTypes: readonly string[] = ['Query', 'Mutation', 'Subscription'];

/** Keeps, in their order, the types an operation can reach: through fields, arguments, members and implementations. */
export function dropUnusedTypes(types: readonly TypeDefinitionNode[]): readonly TypeDefinitionNode[] {
  const byName = new Map(types.map((type) => [type.name.value, type]));
  const used = new Set<string>();
  const open = rootTypes.filter((name) => byName.has(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const type = byName.get(name);
    if (type === undefined || used.has(name)) continue;
    used.add(name);
    open.push(
      ...referredTypes(type),
      ...(type.kind === Kind.INTERFACE_TYPE_DEFINITION ? implementers(types, name) : []),
    );
  }
  return types.filter((type) => used.has(type.name.value));
}

function referredTypes(definition: TypeDefinitionNode): readonly string[] {
  const names: string[] = [];
  visit(definition, {
    NamedType(type) {
      names.push(type.name.value);
    },
  });
  return names;
}

function implementers(types: readonly TypeDefinitionNode[], name: string): readonly string[] {
  return types
    .filter((type) => 'interfaces' in type && type.interfaces?.some((implemented) => implemented.name.value === name))
    .map((type) => type.name.value);
}
