import { Kind, print } from 'graphql';
import type { DefinitionNode, InterfaceTypeDefinitionNode, ObjectTypeDefinitionNode, StringValueNode } from 'graphql';

import { ContractError } from './contract-error.ts';
import type { SubgraphSource } from './sources.ts';

// Generates the subgraph behind `Query.node` and `Query.nodes`: a stub for every type that says `implements Node`.
// A stub knows the key alone, so each object is still loaded, and protected, by the subgraph that owns it.

const header = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@authenticated"])`;

const query = `type Query {
  "One object by its global id; null when it does not exist or the caller may not see it. Select a non-null field besides \`id\`: with \`id\` and \`__typename\` alone no subgraph is asked whether the object exists."
  node("Global id." id: ID!): Node @authenticated @tag(name: "partner")
  "Objects by their global ids, in the order of the ids; null in the place of each that does not exist or that the caller may not see. As for \`node\`, select a non-null field besides \`id\`."
  nodes("Global ids." ids: [ID!]!): [Node]! @authenticated @tag(name: "partner")
}`;

/** Throws a `ContractError` when a type cannot be reached through `Query.node` as it is written. */
export function createNodesSdl(subgraphs: readonly SubgraphSource[]): string {
  const owned = subgraphs.flatMap((subgraph) => nodeTypes(subgraph).map((type) => ({ subgraph, type })));
  const problems = [...findSharedOwners(owned), ...findScopedTypes(subgraphs, owned)];
  if (problems.length > 0) throw new ContractError(problems);
  const stubs = owned.map(({ type }) => type).sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
  return [header, print(nodeInterface(subgraphs)), ...stubs.map(printStub), query].join('\n\n') + '\n';
}

interface OwnedType {
  readonly subgraph: SubgraphSource;
  readonly type: ObjectTypeDefinitionNode;
}

function nodeTypes({ document }: SubgraphSource): readonly ObjectTypeDefinitionNode[] {
  return document.definitions
    .filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter((type) => type.interfaces?.some((implemented) => implemented.name.value === 'Node'));
}

function findSharedOwners(owned: readonly OwnedType[]): readonly string[] {
  const owners = Map.groupBy(owned, ({ type }) => type.name.value);
  return [...owners]
    .filter(([, claims]) => claims.length > 1)
    .map(([name, claims]) => {
      const files = claims.map(({ subgraph }) => subgraph.file).join(' and ');
      return `${files}: each says that ${name} implements Node. Only the owner does; the others refer to it by key.`;
    });
}

// Composition copies access directives of implementing types to the interface: one scope on one type would close
// `Query.node` to everybody without that scope.
function findScopedTypes(subgraphs: readonly SubgraphSource[], owned: readonly OwnedType[]): readonly string[] {
  const names = new Set(owned.map(({ type }) => type.name.value));
  return subgraphs.flatMap(({ file, document }) =>
    document.definitions
      .filter(isObjectType)
      .filter((type) => names.has(type.name.value))
      .filter((type) => type.directives?.some((directive) => directive.name.value === 'requiresScopes'))
      .map(
        (type) =>
          `${file}: ${type.name.value} implements Node and carries @requiresScopes, which would close Query.node to everybody else. Put the scopes on the fields.`,
      ),
  );
}

function isObjectType(definition: DefinitionNode) {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION;
}

function nodeInterface(subgraphs: readonly SubgraphSource[]): InterfaceTypeDefinitionNode {
  const found = subgraphs
    .flatMap(({ document }) => document.definitions)
    .filter((definition) => definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
    .find((definition) => definition.name.value === 'Node');
  if (found === undefined) {
    throw new ContractError(['No subgraph defines `interface Node`. Copy it from a subgraph that had it.']);
  }
  return found;
}

function printStub(type: ObjectTypeDefinitionNode): string {
  const id = type.fields?.find((field) => field.name.value === 'id');
  return [
    ...printDescription(type.description),
    `type ${type.name.value} implements Node @key(fields: "id", resolvable: false) {`,
    ...printDescription(id?.description).map((line) => `  ${line}`),
    '  id: ID!',
    '}',
  ].join('\n');
}

function printDescription(description: StringValueNode | undefined): readonly string[] {
  return description === undefined ? [] : print(description).split('\n');
}
