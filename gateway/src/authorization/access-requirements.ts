import { Kind, visit } from 'graphql';
import type { ConstDirectiveNode, ConstValueNode, DefinitionNode, DocumentNode } from 'graphql';

import type { LinkedFeature } from '../linked-features.ts';

// `@authenticated`, `@requiresScopes` and `@policy` of a supergraph: read into a table, and cut out of the document that the planner
// gets.

/** What one type or field asks of the caller; all three must hold. */
export interface AccessRequirement {
  authenticated: boolean;
  /** Any of the inner lists must be held completely. Empty: no scope is needed. */
  scopes: readonly (readonly string[])[];
  /** Names of policies, read like scopes. */
  policies: readonly (readonly string[])[];
}

/** What types and fields ask of the caller. */
export interface AccessRequirements {
  /** By type name. */
  types: ReadonlyMap<string, AccessRequirement>;
  /** By `Type.field`. */
  fields: ReadonlyMap<string, AccessRequirement>;
}

/** The requirements that `features` (the access features among a document's links) put on its types and fields. */
export function readAccessRequirements(document: DocumentNode, features: readonly LinkedFeature[]): AccessRequirements {
  const specOf = new Map(features.map(({ directiveName, identity }) => [directiveName, identity]));
  const read = (directives: readonly ConstDirectiveNode[] = []): AccessRequirement | null => {
    if (!directives.some(({ name }) => specOf.has(name.value))) return null;
    const applied = (spec: string) =>
      directives.filter(({ name }) => specOf.get(name.value)?.endsWith(`/${spec}`) ?? false);
    const listsOf = (spec: string) =>
      applied(spec).flatMap((directive) => directive.arguments?.flatMap(({ value }) => readLists(value)) ?? []);
    return {
      // Scopes are those of a caller. A policy may be one that strangers meet.
      authenticated: [...applied('authenticated'), ...applied('requiresScopes')].length > 0,
      scopes: listsOf('requiresScopes'),
      policies: listsOf('policy'),
    };
  };
  const types = new Map<string, AccessRequirement>();
  const fields = new Map<string, AccessRequirement>();
  for (const definition of document.definitions) {
    if (!isTypeDefinition(definition)) continue;
    const onType = read(definition.directives);
    if (onType) types.set(definition.name.value, onType);
    for (const field of 'fields' in definition ? (definition.fields ?? []) : []) {
      const onField = read(field.directives);
      if (onField) fields.set(`${definition.name.value}.${field.name.value}`, onField);
    }
  }
  return { types, fields };
}

/** Names of every policy that is asked for anywhere, sorted. */
export function policiesIn({ types, fields }: AccessRequirements): readonly string[] {
  const all = [...types.values(), ...fields.values()].flatMap(({ policies }) => policies.flat());
  return [...new Set(all)].sort();
}

/** The document without the links of `features`, their definitions and every application of their directives. */
export function withoutFeatures(document: DocumentNode, features: readonly LinkedFeature[]): DocumentNode {
  const links = new Set<unknown>(features.map(({ node }) => node));
  const directives = new Set(features.map(({ directiveName }) => directiveName));
  const prefixes = features.map(({ namespace }) => `${namespace}__`);
  const isOurs = (name: string) => directives.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
  return visit(document, {
    Directive: (node) => (links.has(node) || directives.has(node.name.value) ? null : undefined),
    DirectiveDefinition: (node) => (isOurs(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (prefixes.some((prefix) => node.name.value.startsWith(prefix)) ? null : undefined),
  });
}

function isTypeDefinition(definition: DefinitionNode) {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    definition.kind === Kind.SCALAR_TYPE_DEFINITION ||
    definition.kind === Kind.ENUM_TYPE_DEFINITION
  );
}

function readLists(value: ConstValueNode): readonly (readonly string[])[] {
  return itemsOf(value).map((set) => itemsOf(set).flatMap((name) => (name.kind === Kind.STRING ? [name.value] : [])));
}

function itemsOf(value: ConstValueNode): readonly ConstValueNode[] {
  return value.kind === Kind.LIST ? value.values : [value];
}
