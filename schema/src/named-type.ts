import { Kind } from 'graphql';
import type { TypeNode } from 'graphql';

/** The name inside the lists and the non-nulls. */
export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
