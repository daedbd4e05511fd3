import { isInterfaceType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { AccessRequirement, AccessRequirements } from './access-requirements.ts';

// What is asked of somebody who reads a type or a field. An interface asks for what every type behind it asks for, because each of them
// may be what comes back. Composition writes that into newer supergraphs; older ones leave it to the gateway.

/** All requirements in a list must be met. */
export interface EffectiveRequirements {
  readonly isEmpty: boolean;
  ofType(type: string): readonly AccessRequirement[];
  ofField(type: string, field: string): readonly AccessRequirement[];
}

export function createEffectiveRequirements(
  { types, fields }: AccessRequirements,
  schema: GraphQLSchema,
): EffectiveRequirements {
  const implementersOf = (name: string): readonly string[] => {
    const type = schema.getType(name);
    return isInterfaceType(type) ? schema.getPossibleTypes(type).map((each) => each.name) : [];
  };
  const known = new Map<string, readonly AccessRequirement[]>();
  const joined = (coordinate: string, read: () => readonly (AccessRequirement | undefined)[]) => {
    let found = known.get(coordinate);
    if (!found) known.set(coordinate, (found = distinct(read())));
    return found;
  };
  return {
    isEmpty: types.size === 0 && fields.size === 0,
    ofType: (type) => joined(type, () => [type, ...implementersOf(type)].map((name) => types.get(name))),
    ofField: (type, field) =>
      joined(`${type}.${field}`, () => [type, ...implementersOf(type)].map((name) => fields.get(`${name}.${field}`))),
  };
}

function distinct(requirements: readonly (AccessRequirement | undefined)[]): readonly AccessRequirement[] {
  const byText = new Map(requirements.flatMap((each) => (each ? [[JSON.stringify(each), each] as const] : [])));
  return [...byText.values()];
}
