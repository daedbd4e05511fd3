import { isTypeDefinitionNode, isTypeExtensionNode } from 'graphql';
import type {
  DefinitionNode,
  DocumentNode,
  EnumValueDefinitionNode,
  FieldDefinitionNode,
  InputValueDefinitionNode,
  StringValueNode,
} from 'graphql';

// Finds what a reader of the schema would have to guess.

const rootTypes: readonly string[] = ['Query', 'Mutation', 'Subscription'];

/** Coordinates without a description: types, fields, arguments, enum values and input fields. Root types need none. */
export function findUndescribed(document: DocumentNode): readonly string[] {
  return document.definitions.flatMap((definition) => {
    // An extension adds to a type that is described where it is defined.
    if (isTypeExtensionNode(definition)) return undescribedMembers(definition.name.value, definition);
    if (!isTypeDefinitionNode(definition)) return [];
    const type = definition.name.value;
    const own = rootTypes.includes(type) || isDescribed(definition) ? [] : [type];
    return [...own, ...undescribedMembers(type, definition)];
  });
}

function undescribedMembers(type: string, definition: DefinitionNode): readonly string[] {
  return membersOf(definition).flatMap((member) => {
    const coordinate = `${type}.${member.name.value}`;
    const own = isDescribed(member) ? [] : [coordinate];
    const args = 'arguments' in member ? (member.arguments ?? []) : [];
    return [...own, ...args.filter((arg) => !isDescribed(arg)).map((arg) => `${coordinate}(${arg.name.value}:)`)];
  });
}

type Member = FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

function membersOf(definition: DefinitionNode): readonly Member[] {
  if ('fields' in definition) return definition.fields ?? [];
  if ('values' in definition) return definition.values ?? [];
  return [];
}

function isDescribed({ description }: { readonly description?: StringValueNode | undefined }): boolean {
  return description !== undefined && description.value.trim() !== '';
}
