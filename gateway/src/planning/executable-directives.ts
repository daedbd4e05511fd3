import { baseType, copyDirectiveDefinitionToSchema } from '@apollo/federation-internals';
import type { DirectiveDefinition, Schema } from '@apollo/federation-internals';
import { astFromValue, DirectiveLocation, isSpecifiedDirective, Kind, visit } from 'graphql';
import type { ArgumentNode, DirectiveNode, DocumentNode, GraphQLDirective, GraphQLSchema } from 'graphql';

// Directives for operations that subgraphs bring in under a specification of their own, by `@link` and `@composeDirective`. Apollo takes every
// definition of a linked specification for a matter of the supergraph, and removes it from the schema that clients see.

/** Arguments with a default value, by the name of the directive. */
export type DirectiveDefaults = ReadonlyMap<string, readonly ArgumentNode[]>;

const { FIELD, QUERY, MUTATION, SUBSCRIPTION } = DirectiveLocation;
const APOLLO = 'https://specs.apollo.dev/';

/** Adds them to the schema that clients see, at the locations where the planner carries them to whom they are for. */
export function addExecutableDirectives(apiSchema: Schema, schema: Schema): void {
  for (const definition of schema.directives()) {
    if (apiSchema.directive(definition.name) || !isOfSubgraphs(definition, schema)) continue;
    // Without such a location there is nothing that a client could do with it.
    if (carriedLocations(definition).length === 0 || !isVisible(definition, apiSchema)) continue;
    copyDirectiveDefinitionToSchema({
      definition,
      schema: apiSchema,
      copyDirectiveApplicationsInArguments: false,
      locationFilter: (location) => carriedLocations(definition).includes(location),
    });
  }
}

export function readDirectiveDefaults(schema: GraphQLSchema): DirectiveDefaults {
  const own = schema.getDirectives().filter((each) => !isSpecifiedDirective(each) && each.name !== 'defer');
  return new Map(
    own.map((each) => [each.name, defaultsOf(each)] as const).filter(([, defaults]) => defaults.length > 0),
  );
}

/**
 * The operation with the defaults written out. A subgraph may know the same directive with another default, or with none: what the client
 * was told counts.
 */
export function withDirectiveDefaults(document: DocumentNode, defaults: DirectiveDefaults): DocumentNode {
  if (defaults.size === 0) return document;
  return visit(document, {
    Directive(node): DirectiveNode | undefined {
      const { name, arguments: given = [] } = node;
      const left = defaults.get(name.value)?.filter((each) => given.every((argument) => !isNamedAlike(argument, each)));
      return left?.length ? { ...node, arguments: [...given, ...left] } : undefined;
    },
  });
}

function isOfSubgraphs(definition: DirectiveDefinition, { coreFeatures }: Schema): boolean {
  const source = coreFeatures?.sourceFeature(definition);
  return source !== undefined && !source.feature.url.identity.startsWith(APOLLO);
}

// What stands on a fragment is lost with the part of the fragment that another subgraph answers, what stands on a variable always. The
// entities that a mutation leads to are asked for by queries, with the directives of the mutation.
function carriedLocations({ locations }: DirectiveDefinition): readonly DirectiveLocation[] {
  const carried: readonly DirectiveLocation[] = locations.includes(QUERY)
    ? [FIELD, QUERY, MUTATION, SUBSCRIPTION]
    : [FIELD];
  return locations.filter((each) => carried.includes(each));
}

function isVisible(definition: DirectiveDefinition, apiSchema: Schema): boolean {
  return definition.arguments().every(({ type }) => type && apiSchema.type(baseType(type).name));
}

function defaultsOf({ args }: GraphQLDirective): readonly ArgumentNode[] {
  return args.flatMap(({ name, type, defaultValue }) => {
    const value = defaultValue === undefined ? null : astFromValue(defaultValue, type);
    return value ? [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value }] : [];
  });
}

function isNamedAlike(one: ArgumentNode, other: ArgumentNode): boolean {
  return one.name.value === other.name.value;
}
