import { Kind, buildASTSchema, isTypeDefinitionNode, print, validateSchema } from 'graphql';
import type {
  DocumentNode,
  EnumValueDefinitionNode,
  FieldDefinitionNode,
  InputValueDefinitionNode,
  NamedTypeNode,
  TypeDefinitionNode,
} from 'graphql';

import { ContractError } from './contract-error.ts';
import { findDanglingReferences, findLostArguments } from './contract-gaps.ts';
import type { Tags } from './tags.ts';
import { dropUnusedTypes } from './unused-types.ts';

// Cuts the schema partners see out of the API schema. `internal` wins over `partner`, a member inherits the tags of its
// type, and a root field is in only when it is tagged itself.

const included = 'partner';
const excluded = 'internal';

/** Throws a `ContractError` that names each element which cannot stand without something that was cut away. */
export function createPartnerSdl(api: DocumentNode, tags: Tags): string {
  const kept = api.definitions
    .filter(isTypeDefinitionNode)
    .map((definition) => keepMembers(definition, tags))
    .filter((definition) => definition !== null);
  const names = new Set(kept.map((definition) => definition.name.value));
  const types = kept.map((definition) => keepReferences(definition, names));
  const problems = [...findLostArguments(api, types), ...findDanglingReferences(types)];
  if (problems.length > 0) throw new ContractError(problems);

  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: dropUnusedTypes(types) };
  const invalid = validateSchema(buildASTSchema(document));
  if (invalid.length > 0) {
    throw new ContractError(invalid.map(({ message }) => `Partner contract: ${message} Correct the tags.`));
  }
  return print(document) + '\n';
}

const rootTypes: readonly string[] = ['Query', 'Mutation', 'Subscription'];

// Null when nothing of the type is left.
function keepMembers(definition: TypeDefinitionNode, tags: Tags): TypeDefinitionNode | null {
  const type = definition.name.value;
  const has = (coordinate: string, tag: string) => tags.get(coordinate)?.has(tag) ?? false;
  const typeIncluded = has(type, included) && !rootTypes.includes(type);
  const isKept = (coordinate: string) => !has(coordinate, excluded) && (typeIncluded || has(coordinate, included));
  const keep = <T extends FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode>(
    members: readonly T[] = [],
  ) => members.filter((member) => isKept(`${type}.${member.name.value}`));

  if (has(type, excluded)) return null;
  switch (definition.kind) {
    case Kind.SCALAR_TYPE_DEFINITION:
    case Kind.UNION_TYPE_DEFINITION:
      return typeIncluded ? definition : null;
    case Kind.ENUM_TYPE_DEFINITION: {
      const values = keep(definition.values);
      return values.length > 0 ? { ...definition, values } : null;
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const fields = keep(definition.fields);
      return fields.length > 0 ? { ...definition, fields } : null;
    }
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const fields = keep(definition.fields).map((field) => ({
        ...field,
        arguments: (field.arguments ?? []).filter(
          (argument) => !has(`${type}.${field.name.value}(${argument.name.value}:)`, excluded),
        ),
      }));
      return fields.length > 0 ? { ...definition, fields } : null;
    }
  }
}

// A union or an `implements` list just gets shorter; nobody depends on the members that are gone.
function keepReferences(definition: TypeDefinitionNode, names: ReadonlySet<string>): TypeDefinitionNode {
  const keep = (types: readonly NamedTypeNode[] = []) => types.filter((type) => names.has(type.name.value));
  if (definition.kind === Kind.UNION_TYPE_DEFINITION) return { ...definition, types: keep(definition.types) };
  if ('interfaces' in definition) return { ...definition, interfaces: keep(definition.interfaces) };
  return definition;
}
