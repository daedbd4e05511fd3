import { canKnow, declare, namedType, newField, present } from './declare.ts';
import type { Argument, Field, Model } from './model.ts';
import type { Random } from './random.ts';

// The fields of entities and of the root types: of every kind of type, with and without arguments, some in several subgraphs.

export function addFields(model: Model, random: Random): void {
  for (const type of model.objects.values()) {
    if (type.kind !== 'entity') continue;
    const count = random.int(2, 6);
    for (let index = 0; index < count; index += 1) {
      const homes = random.some([...type.presence.keys()], random.chance(0.25) ? 2 : 1);
      const field = addField(model, random, { name: `f${index}`, homes, compositeChance: 0.5 });
      type.fields.set(field.name, field);
    }
  }
}

export function addRootFields(model: Model, random: Random): void {
  for (const subgraph of model.subgraphs) {
    const count = random.int(1, 3);
    for (let index = 0; index < count; index += 1) {
      const others = model.subgraphs.filter((name) => name !== subgraph);
      const homes = random.chance(0.2) ? [subgraph, random.pick(others)] : [subgraph];
      const field = addField(model, random, { name: `${subgraph}${index}`, homes, compositeChance: 0.95 });
      model.query.set(field.name, field);
    }
    if (!random.chance(0.4)) continue;
    for (let index = 0; index < random.int(1, 2); index += 1) {
      const type = random.chance(0.6) ? random.pick(['Receipt', 'Receipt!']) : null;
      const name = `${subgraph}Do${index}`;
      const field = addField(model, random, { name, homes: [subgraph], compositeChance: 1, type });
      model.mutation.set(name, field);
    }
  }
}

const LEAFS = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Color', 'Size', 'Blob'];

function addField(
  model: Model,
  random: Random,
  {
    name,
    homes,
    compositeChance,
    type,
  }: { name: string; homes: string[]; compositeChance: number; type?: string | null },
): Field {
  const composites = [...model.objects.keys(), ...model.interfaces.keys(), ...model.unions.keys()].filter(
    (each) => !/Owner|Receipt/.test(each) && homes.every((subgraph) => canKnow(model, subgraph, each)),
  );
  const isComposite = random.chance(compositeChance) && composites.length > 0;
  const wanted = type ?? wrap(random.pick(isComposite ? composites : LEAFS), random);
  const possible = homes.every((subgraph) => canKnow(model, subgraph, namedType(wanted))) ? wanted : 'String';
  const field = newField(name, possible, { args: makeArguments(random), mayFail: true });
  for (const subgraph of homes) {
    declare(field, subgraph);
    present(model, random, { subgraph, type: namedType(possible) });
  }
  // Members of an abstract type may be none, and enums may share no value: then there is nothing to promise.
  const mayBeEmpty = membersKnown(model, namedType(possible), homes[0]!) !== undefined;
  if (model.promisesVary && homes.length > 1 && !mayBeEmpty && !possible.endsWith('!') && random.chance(0.5))
    field.declarations.get(homes[1]!)!.type = field.valueType = `${possible}!`;
  return field;
}

/** Done when it is settled who declares what. */
export function limitAllMembers(model: Model): void {
  const owners = [...model.objects.values()].map(({ fields }) => fields);
  for (const fields of [...owners, model.query, model.mutation])
    for (const field of fields.values()) limitMembers(field, model);
}

/** Where the declaring subgraphs know different members of a type, only those that they share are answered. */
function limitMembers(field: Field, model: Model): void {
  const name = namedType(field.type);
  const known = answering(field).map((subgraph) => membersKnown(model, name, subgraph));
  if (known.length === 0 || known.some((each) => each === undefined)) return;
  field.members = known.reduce((common, each) => common!.filter((member) => each!.includes(member)))!;
}

const answering = (field: Field): string[] =>
  [...field.declarations].flatMap(([subgraph, { role, isProvided }]) => {
    return role === 'resolves' || isProvided ? [subgraph] : [];
  });

/** What a subgraph knows of a type with members or values; undefined for all other types. */
function membersKnown(model: Model, name: string, subgraph: string): readonly string[] | undefined {
  const members = model.unions.get(name)?.members ?? model.interfaces.get(name)?.members;
  if (members) return [...(members.get(subgraph) ?? model.interfaces.get(name)!.candidates)];
  return model.enums.get(name)?.known.get(subgraph);
}

function wrap(name: string, random: Random): string {
  const end = () => random.pick(['', '', '!']);
  const plain = `${name}${end()}`;
  if (random.chance(0.6)) return plain;
  const list = `[${plain}]${end()}`;
  return random.chance(0.85) ? list : `[${list}]${end()}`;
}

const ARGUMENTS: readonly Argument[] = [
  { name: 'x', type: 'Int' },
  { name: 'n', type: 'Int!', default: '3' },
  { name: 's', type: 'String', default: '"a\\"b"' },
  { name: 'color', type: 'Color' },
  { name: 'ids', type: '[ID!]' },
  { name: 'flag', type: 'Boolean!' },
  { name: 'filter', type: 'Filter' },
  { name: 'blob', type: 'Blob' },
];

function makeArguments(random: Random): Argument[] {
  return random.chance(0.35) ? random.some(ARGUMENTS, random.int(1, 2)) : [];
}
