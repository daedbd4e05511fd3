import { compileFunction } from 'node:vm';

import { invariant } from '@tributary/kit/invariant';

// Functions that are made for one operation, with its response names written out. What reads an object by a name that stands in the code
// finds it at once; by a name out of a variable it is looked up in a table that all operations share, at several times the cost.

const GRAPHQL_NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

/** A function of the given body. Response names come into it by the functions below only. */
export function compileCode<Compiled>(body: string, given: Readonly<Record<string, unknown>> = {}): Compiled {
  const make = compileFunction(`return ${body};`, Object.keys(given)) as (...values: readonly unknown[]) => Compiled;
  return make(...Object.values(given));
}

/** A response name as a text. Throws for what is no name of GraphQL, which could be anything. */
export function textOf(name: string): string {
  invariant(GRAPHQL_NAME.test(name), 'A response name is no name of GraphQL.');
  return `"${name}"`;
}

/** A property, to be written. */
export function propertyOf(object: string, name: string): string {
  return `${object}[${textOf(name)}]`;
}

/** A property, to be read: undefined when the object has it by inheritance only. */
export function readOf(object: string, name: string): string {
  const property = propertyOf(object, name);
  return name in Object.prototype ? `(Object.hasOwn(${object}, ${textOf(name)}) ? ${property} : undefined)` : property;
}
