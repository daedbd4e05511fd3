import { GraphQLError, Kind } from 'graphql';
import type { SelectionSetNode, TypeNode } from 'graphql';

import { selectionSet, typeNode } from './declare.ts';
import { OBJECT_COUNT } from './model.ts';
import type { Field, Model } from './model.ts';
import { hashOf } from './random.ts';

// The data of a model: what every field of every object answers, made up from its name. Whoever is asked, a subgraph or nobody in
// particular, says the same.

/** An object of the domain. */
export interface Thing {
  type: string;
  number: number;
}

export interface World {
  /** What a field answers, for given arguments: leaf values as they are, objects as things. Throws where an error is due. */
  valueOf(thing: Thing, field: Field, args: Readonly<Record<string, unknown>>): unknown;
  /** The same for a field of a root type; `turn` counts mutations. */
  rootValueOf(field: Field, args: Readonly<Record<string, unknown>>, turn: () => number): unknown;
  /** The thing a representation speaks of, judged by its keys. */
  find(typename: string, representation: Readonly<Record<string, unknown>>, keys: readonly string[]): Thing | null;
  /** What a subgraph would get of a thing for a field that requires `selection`. */
  project(thing: Thing, selection: SelectionSetNode): Record<string, unknown>;
}

const NULL_SHARE = 8;
const ERROR_SHARE = 10;

export function createWorld(model: Model, { withErrors, salt = '' }: { withErrors: boolean; salt?: string }): World {
  const fieldOf = (type: string, name: string): Field | undefined => findField(model, type, name);

  function valueOf(thing: Thing, field: Field, args: Readonly<Record<string, unknown>>): unknown {
    if (field.identifies) return keyValue(thing, field);
    const seed = `${salt}${thing.type}.${thing.number}.${field.name}${canonical(args)}`;
    if (withErrors && field.mayFail && hashOf(`!${seed}`) % ERROR_SHARE === 0)
      throw new GraphQLError(`no ${thing.type}.${field.name}`, { extensions: { code: 'OUT_OF_ORDER' } });
    if (field.requires !== undefined) return canonical(project(thing, selectionSet(field.requires)));
    return make(typeNode(field.valueType), field, seed);
  }

  function make(node: TypeNode, field: Field, seed: string): unknown {
    if (node.kind === Kind.NON_NULL_TYPE) return makePresent(node.type, field, seed);
    return hashOf(`?${seed}`) % NULL_SHARE === 0 ? null : makePresent(node, field, seed);
  }

  function makePresent(node: Exclude<TypeNode, { kind: Kind.NON_NULL_TYPE }>, field: Field, seed: string): unknown {
    const hash = hashOf(seed);
    if (node.kind === Kind.LIST_TYPE)
      return Array.from({ length: hash % 4 }, (_, index) => make(node.type, field, `${seed}[${index}]`));
    const name = node.name.value;
    const members = field.members ?? abstractMembers(model, name);
    if (members) return members.length === 0 ? null : thingOf(members[hash % members.length]!, hash >>> 8);
    if (model.objects.has(name)) return thingOf(name, hash);
    const values = model.enums.get(name)?.values;
    return values ? values[hash % values.length] : leafValue(name, hash);
  }

  function thingOf(type: string, hash: number): unknown {
    // An enum has members, too, and they are no things.
    return model.objects.has(type) ? ({ type, number: hash % OBJECT_COUNT } satisfies Thing) : type;
  }

  function keyValue({ type, number }: Thing, field: Field): unknown {
    if (field.identifies === 'nested') return { type: field.type.replace('!', ''), number } satisfies Thing;
    const part = { whole: number, high: Math.floor(number / 2), low: number % 2 }[field.identifies ?? 'whole'];
    return field.type.startsWith('Int') ? part : `${type}-${field.name}-${part}`;
  }

  function project(thing: Thing, { selections }: SelectionSetNode): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (selection.typeCondition?.name.value === thing.type)
          Object.assign(result, project(thing, selection.selectionSet));
      } else if (selection.kind === Kind.FIELD) {
        if (selection.name.value === '__typename') {
          result.__typename = thing.type;
          continue;
        }
        const field = fieldOf(thing.type, selection.name.value)!;
        const args = Object.fromEntries(
          field.args.map(({ name, type, default: fallback }) => {
            const given = selection.arguments?.find((each) => each.name.value === name)?.value;
            return [name, given ? literalOf(given) : fallback === undefined ? undefined : defaultOf(fallback, type)];
          }),
        );
        result[selection.name.value] = projectValue(valueOf(thing, field, args), selection.selectionSet);
      }
    }
    return result;
  }

  function projectValue(value: unknown, selections: SelectionSetNode | undefined): unknown {
    if (!selections) return value;
    if (Array.isArray(value)) return value.map((each) => projectValue(each, selections));
    return value === null ? null : project(value as Thing, selections);
  }

  return {
    valueOf,
    rootValueOf(field, args, turn) {
      if (model.mutation.get(field.name) === field && field.type.startsWith('Receipt'))
        return { type: 'Receipt', number: turn() } satisfies Thing;
      return valueOf({ type: 'Query', number: 0 }, field, args);
    },
    find(typename, representation, keys) {
      const types = model.interfaces.get(typename)?.candidates ?? [typename];
      for (const type of types)
        for (let number = 0; number < OBJECT_COUNT; number += 1) {
          const thing = { type, number };
          if (keys.some((key) => contains(representation, project(thing, selectionSet(key))))) return thing;
        }
      return null;
    },
    project,
  };
}

export function findField(model: Model, type: string, name: string): Field | undefined {
  const own = model.objects.get(type)?.fields.get(name);
  if (own) return own;
  for (const { candidates, entity } of model.interfaces.values())
    if (entity && candidates.includes(type) && entity.fields.has(name)) return entity.fields.get(name);
  return undefined;
}

/** Text of a value in which the order of names does not matter; undefined counts as absent. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return value === undefined ? '' : JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${name}:${canonical(each)}`)
    .join(',')}}`;
}

function abstractMembers(model: Model, name: string): readonly string[] | undefined {
  return (model.interfaces.get(name) ?? model.unions.get(name))?.candidates;
}

function leafValue(name: string, hash: number): unknown {
  switch (name) {
    case 'Int':
      return hash % 1000;
    case 'Float':
      return (hash % 1000) / 4;
    case 'Boolean':
      return hash % 2 === 0;
    case 'Blob':
      return [{ at: hash % 10, list: [1, null, { x: 'y' }] }, 'text', 7, false, ['a']][hash % 5];
    default:
      return `${name}${hash % 1000}`;
  }
}

type Literal = NonNullable<
  Extract<SelectionSetNode['selections'][number], { kind: Kind.FIELD }>['arguments']
>[number]['value'];

function literalOf(node: Literal): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map(literalOf);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, literalOf(value)]));
    case Kind.VARIABLE:
      throw new Error('A field set has no variables.');
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
  }
}

function defaultOf(text: string, type: string): unknown {
  return type.startsWith('Int') ? Number(text) : JSON.parse(text);
}

function contains(whole: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return whole === part;
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([name, value]) => contains((whole as Record<string, unknown>)[name], value));
}
