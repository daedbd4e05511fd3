import { Kind, parse, valueFromASTUntyped } from 'graphql';
import type {
  ConstDirectiveNode,
  DefinitionNode,
  DocumentNode,
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
  SelectionSetNode,
  TypeNode,
} from 'graphql';

// What a supergraph says about its subgraphs stands in `@join__type` and `@join__field`. These are the parts that planning looks at.

export type FieldsDefinitionNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

export const JOIN_TYPE = 'join__type';
export const JOIN_FIELD = 'join__field';

export interface JoinArguments {
  graph?: string;
  name?: string;
  key?: string;
  resolvable?: boolean;
  requires?: string;
  overrideLabel?: string;
  contextArguments?: readonly { selection: string }[];
}

/** Object types and interfaces, by name. */
export function fieldTypesOf(document: DocumentNode): ReadonlyMap<string, FieldsDefinitionNode> {
  return new Map(document.definitions.flatMap((each) => (hasFields(each) ? [[each.name.value, each] as const] : [])));
}

export function hasFields(definition: DefinitionNode): definition is FieldsDefinitionNode {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

export function joinsOf(
  { directives }: FieldsDefinitionNode | FieldDefinitionNode,
  name: typeof JOIN_TYPE | typeof JOIN_FIELD,
): readonly JoinArguments[] {
  return (directives ?? []).filter((each) => each.name.value === name).map(argumentsOf);
}

export function argumentsOf(directive: ConstDirectiveNode): JoinArguments {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}

/** Names of the subgraphs, by the names that the supergraph's own directives call them. */
export function subgraphNamesOf(document: DocumentNode): ReadonlyMap<string, string> {
  const graphs = document.definitions.find(
    (each) => each.kind === Kind.ENUM_TYPE_DEFINITION && each.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(
    values.flatMap(({ name, directives }) =>
      (directives ?? [])
        .filter((each) => each.name.value === 'join__graph')
        .map((each) => [name.value, argumentsOf(each).name ?? name.value] as const),
    ),
  );
}

/** The selections of a field set, as keys and requirements have it: `id owner { id }`. */
export function parseFieldSet(fieldSet: string): SelectionSetNode {
  const [operation] = parse(`{ ${fieldSet} }`, { noLocation: true }).definitions;
  return (operation as { selectionSet: SelectionSetNode }).selectionSet;
}

export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}
