import { Kind, parse, valueFromASTUntyped } from 'graphql';
import type { ConstDirectiveNode, DefinitionNode, ObjectTypeDefinitionNode } from 'graphql';

import { namedType } from './named-type.ts';
import { sha256 } from './sha256.ts';

// Folds the access directives of a supergraph into one rule per object field, so that whoever enforces them needs neither
// a schema nor the federation specs. Who satisfies a rule is decided elsewhere.

/** `scopes` is an OR of ANDs, as in `@requiresScopes`; empty means that no scope is asked for. */
export interface AccessRule {
  readonly authenticated: boolean;
  readonly scopes: readonly (readonly string[])[];
}

export interface AccessMap {
  /** Hash of the supergraph the map was made from. A map next to another supergraph must not be used. */
  readonly supergraphSha256: string;
  /** By `Type.field`, sorted; a field without a rule has no entry. */
  readonly fields: Readonly<Record<string, AccessRule>>;
}

/** Reads a stored map. Throws when it was not made from this supergraph, because then it would let the wrong people in. */
export function parseAccessMap(json: string, supergraphSdl: string): AccessMap {
  const map = JSON.parse(json) as AccessMap;
  if (map.supergraphSha256 !== sha256(supergraphSdl)) {
    throw new Error('The access map was not made from this supergraph. Run "npm run compose" and use both results.');
  }
  return map;
}

/** Reads `@authenticated` and `@requiresScopes` of the supergraph; a rule on a type binds each of its fields. */
export function createAccessMap(supergraphSdl: string): AccessMap {
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  const leafRules = collectLeafRules(definitions);
  const fields = definitions
    .filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
    .flatMap((type) => fieldRules(type, leafRules))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { supergraphSha256: sha256(supergraphSdl), fields: Object.fromEntries(fields) };
}

// Scalars and enums may carry access directives too; they bind every field of that type.
function collectLeafRules(definitions: readonly DefinitionNode[]): ReadonlyMap<string, AccessRule> {
  return new Map(
    definitions
      .filter(
        (definition) =>
          definition.kind === Kind.SCALAR_TYPE_DEFINITION || definition.kind === Kind.ENUM_TYPE_DEFINITION,
      )
      .map((definition) => [definition.name.value, ownRule(definition.directives)]),
  );
}

function fieldRules(
  type: ObjectTypeDefinitionNode,
  leafRules: ReadonlyMap<string, AccessRule>,
): (readonly [string, AccessRule])[] {
  const typeRule = ownRule(type.directives);
  return (type.fields ?? [])
    .map((field): readonly [string, AccessRule] => {
      const leafRule = leafRules.get(namedType(field.type)) ?? openRule;
      const rule = both(both(typeRule, ownRule(field.directives)), leafRule);
      return [`${type.name.value}.${field.name.value}`, rule];
    })
    .filter(([, rule]) => rule.authenticated || rule.scopes.length > 0);
}

const openRule: AccessRule = { authenticated: false, scopes: [] };

function ownRule(directives: readonly ConstDirectiveNode[] = []): AccessRule {
  return {
    authenticated: directives.some((directive) => directive.name.value === 'authenticated'),
    scopes: directives
      .filter((directive) => directive.name.value === 'requiresScopes')
      .flatMap((directive) => directive.arguments ?? [])
      .flatMap((argument) => valueFromASTUntyped(argument.value) as string[][]),
  };
}

// Both rules must hold: (a or b) and (c or d) is (a and c) or (a and d) or ...
function both(first: AccessRule, second: AccessRule): AccessRule {
  const authenticated = first.authenticated || second.authenticated;
  if (first.scopes.length === 0) return { authenticated, scopes: second.scopes };
  if (second.scopes.length === 0) return { authenticated, scopes: first.scopes };
  const scopes = first.scopes.flatMap((left) => second.scopes.map((right) => [...new Set([...left, ...right])].sort()));
  return { authenticated, scopes };
}
