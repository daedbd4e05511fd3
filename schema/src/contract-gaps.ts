import { Kind, isTypeDefinitionNode, specifiedScalarTypes } from 'graphql';
import type { DocumentNode, InputValueDefinitionNode, TypeDefinitionNode } from 'graphql';

import { namedType } from './named-type.ts';

// What is wrong with a contract cut out of the API schema when the tags do not fit together. Repairing it silently would
// take fields from partners that somebody meant to give them, so every gap is a problem for the author of the tags.

/** Fields, arguments and input fields whose type is not part of the contract. */
export function findDanglingReferences(types: readonly TypeDefinitionNode[]): readonly string[] {
  const known = new Set([...types, ...specifiedScalarTypes.map(({ name }) => ({ name: { value: name } }))].map(nameOf));
  return types
    .flatMap(references)
    .flatMap(({ coordinate, type }) =>
      known.has(type)
        ? []
        : [
            `Partner contract: ${coordinate} is in it, but its type ${type} is not. Tag ${coordinate} "internal" or ${type} "partner".`,
          ],
    );
}

/** Required arguments and input fields that are cut away although what they belong to stays. */
export function findLostArguments(api: DocumentNode, types: readonly TypeDefinitionNode[]): readonly string[] {
  const kept = new Set(types.flatMap(inputs).map(({ coordinate }) => coordinate));
  const owners = new Set(types.flatMap(ownersOfInputs));
  return api.definitions
    .filter(isTypeDefinitionNode)
    .flatMap(inputs)
    .filter(({ owner, coordinate, input }) => owners.has(owner) && !kept.has(coordinate) && isRequired(input))
    .map(
      ({ coordinate, owner }) =>
        `Partner contract: ${coordinate} is required but not in the contract, so partners cannot use ${owner}. Make it optional or correct its tags.`,
    );
}

interface Reference {
  readonly coordinate: string;
  readonly type: string;
}

function references(definition: TypeDefinitionNode): readonly Reference[] {
  const ownInputs = inputs(definition).map(({ coordinate, input }) => ({ coordinate, type: namedType(input.type) }));
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) {
    return ownInputs;
  }
  const fields = (definition.fields ?? []).map((field) => ({
    coordinate: `${definition.name.value}.${field.name.value}`,
    type: namedType(field.type),
  }));
  return [...fields, ...ownInputs];
}

interface Input {
  readonly owner: string;
  readonly coordinate: string;
  readonly input: InputValueDefinitionNode;
}

function inputs(definition: TypeDefinitionNode): readonly Input[] {
  const type = definition.name.value;
  if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
    return (definition.fields ?? []).map((input) => ({
      owner: type,
      coordinate: `${type}.${input.name.value}`,
      input,
    }));
  }
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
  return (definition.fields ?? []).flatMap((field) => {
    const owner = `${type}.${field.name.value}`;
    return (field.arguments ?? []).map((input) => ({ owner, coordinate: `${owner}(${input.name.value}:)`, input }));
  });
}

function ownersOfInputs(definition: TypeDefinitionNode): readonly string[] {
  const type = definition.name.value;
  if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) return [type];
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
  return (definition.fields ?? []).map((field) => `${type}.${field.name.value}`);
}

function isRequired(input: InputValueDefinitionNode): boolean {
  return input.type.kind === Kind.NON_NULL_TYPE && input.defaultValue === undefined;
}

function nameOf({ name }: { readonly name: { readonly value: string } }): string {
  return name.value;
}
