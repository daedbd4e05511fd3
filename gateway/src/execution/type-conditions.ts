import { isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLCompositeType, GraphQLSchema } from 'graphql';

/** Whether an object that calls itself `typename` is a `typeCondition`. */
export function isOfType(schema: GraphQLSchema, typename: string, typeCondition: string): boolean {
  if (typename === typeCondition) return true;
  const type = schema.getType(typename);
  const condition = schema.getType(typeCondition);
  if (!isAbstractType(condition) || !(isObjectType(type) || isInterfaceType(type))) return false;
  return schema.isSubType(condition, type);
}

/** Whether a fragment is for objects of a type; null when it is for some of an abstract one, and not for others. */
export function appliesTo(schema: GraphQLSchema, type: GraphQLCompositeType, typeCondition: string): boolean | null {
  if (!isAbstractType(type)) return isOfType(schema, type.name, typeCondition);
  const types = schema.getPossibleTypes(type);
  const count = types.filter(({ name }) => isOfType(schema, name, typeCondition)).length;
  return count === types.length || (count === 0 ? false : null);
}
