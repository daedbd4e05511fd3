import { Kind, parse, parseType } from 'graphql';
import type { SelectionSetNode, TypeNode } from 'graphql';

import { invariant } from '@tributary/kit/invariant';

import type { Declaration, Field, Model, ObjectType } from './model.ts';
import type { Random } from './random.ts';

// What every part of the generator does: make fields, and see to it that a subgraph knows the types it speaks of.

export function newField(name: string, type: string, more: Partial<Field> = {}): Field {
  return { name, type, valueType: type, args: [], declarations: new Map(), mayFail: false, ...more };
}

export function declare(field: Field, subgraph: string, more: Partial<Declaration> = {}): void {
  field.declarations.set(subgraph, { role: 'resolves', type: field.type, directives: [], ...more });
}

export const resolvers = (field: Field): string[] =>
  [...field.declarations].flatMap(([subgraph, { role }]) => (role === 'resolves' ? [subgraph] : []));

/** A subgraph comes to know a type. Of an entity it knows `key`, or any one; of an abstract type some members. */
export function present(
  model: Model,
  random: Random,
  { subgraph, type, key }: { subgraph: string; type: string; key?: string },
): void {
  const object = model.objects.get(type);
  if (object) {
    presentObject(model, random, { subgraph, object, key });
    return;
  }
  const abstract = model.interfaces.get(type) ?? model.unions.get(type);
  if (!abstract || abstract.members.has(subgraph)) return;
  if (model.interfaces.get(type)?.entity?.objectIn === subgraph) return;
  const all = [...new Set(abstract.candidates)].filter((each) => canKnow(model, subgraph, each));
  const members = random.some(all, random.int(1, all.length));
  abstract.members.set(subgraph, new Set(members));
  for (const member of members) {
    present(model, random, { subgraph, type: member });
    const id = model.interfaces.has(type) ? model.objects.get(member)?.fields.get('id') : undefined;
    if (id && !id.declarations.has(subgraph)) declare(id, subgraph);
  }
}

function presentObject(
  model: Model,
  random: Random,
  { subgraph, object, key }: { subgraph: string; object: ObjectType; key: string | undefined },
): void {
  let presence = object.presence.get(subgraph);
  if (presence && key === undefined) return;
  if (!presence) object.presence.set(subgraph, (presence = { keys: [] }));
  if (object.kind === 'value') {
    for (const field of object.fields.values()) {
      declare(field, subgraph);
      present(model, random, { subgraph, type: namedType(field.type) });
    }
    return;
  }
  const fields = key ?? random.pick(keysOf(object));
  if (presence.keys.some((each) => each.fields === fields)) return;
  presence.keys.push({ fields, resolvable: true });
  for (const { name } of fieldsIn(fields)) {
    const field = object.fields.get(name);
    invariant(field, `The key of ${object.name} has no field ${name}.`);
    if (field.declarations.has(subgraph)) continue;
    declare(field, subgraph);
    present(model, random, { subgraph, type: namedType(field.type) });
  }
}

const keysOf = ({ presence }: ObjectType): string[] => [
  ...new Set([...presence.values()].flatMap(({ keys }) => keys.map(({ fields }) => fields))),
];

/** Whether the subgraph may know the type, with all that belongs to it. */
export function canKnow(model: Model, subgraph: string, type: string): boolean {
  if (model.forbidden.get(subgraph)?.has(type)) return false;
  const object = model.objects.get(type);
  if (object?.kind === 'value')
    return [...object.fields.values()].every((field) => canKnow(model, subgraph, namedType(field.type)));
  if (model.interfaces.get(type)?.entity) {
    const { home, objectIn } = model.interfaces.get(type)!.entity!;
    return subgraph === home || subgraph === objectIn;
  }
  const abstract = model.interfaces.get(type) ?? model.unions.get(type);
  return abstract === undefined || abstract.candidates.some((each) => canKnow(model, subgraph, each));
}

const parsedTypes = new Map<string, TypeNode>();

export function typeNode(text: string): TypeNode {
  let node = parsedTypes.get(text);
  if (!node) parsedTypes.set(text, (node = parseType(text, { noLocation: true })));
  return node;
}

export function namedType(text: string): string {
  return text.replace(/[[\]!]/g, '');
}

const parsedSelections = new Map<string, SelectionSetNode>();

/** Parses what stands in `@key(fields:)` and `@requires(fields:)`. */
export function selectionSet(fields: string): SelectionSetNode {
  let parsed = parsedSelections.get(fields);
  if (!parsed) {
    const [operation] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
    invariant(operation?.kind === Kind.OPERATION_DEFINITION, 'A selection was expected.');
    parsedSelections.set(fields, (parsed = operation.selectionSet));
  }
  return parsed;
}

export const fieldsIn = (fields: string): { name: string }[] =>
  selectionSet(fields).selections.flatMap((each) => (each.kind === Kind.FIELD ? [{ name: each.name.value }] : []));
