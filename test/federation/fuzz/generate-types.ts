import { newField, present } from './declare.ts';
import type { Argument, Field, Model, ObjectType } from './model.ts';
import type { Random } from './random.ts';

// Leaf and input types, value types, and entities with their keys.

export function addLeafTypes(model: Model, random: Random): void {
  const colors = ['RED', 'GREEN', 'BLUE', 'WHITE'];
  model.enums.set('Color', { name: 'Color', values: colors.slice(0, random.int(1, 4)), known: new Map() });
  const sizes = ['S', 'M', 'L', 'XL', 'XXL'];
  const known = new Map(model.subgraphs.map((name) => [name, random.some(sizes, random.int(2, 5))] as const));
  model.enums.set('Size', { name: 'Size', values: sizes, known });

  const fields: Argument[] = [
    { name: 'size', type: 'Int', default: '5' },
    { name: 'color', type: random.pick(['Color', 'Color!']) },
    { name: 'words', type: random.pick(['[String!]', '[String]!', '[[Int]]']) },
    { name: 'inner', type: 'InnerInput' },
  ];
  const extra = new Map<string, Argument>();
  for (const name of model.subgraphs) if (random.chance(0.2)) extra.set(name, { name: `only_${name}`, type: 'String' });
  model.inputs.set('Filter', { name: 'Filter', fields: random.some(fields, random.int(1, 4)), extra });
  const inner: Argument[] = [
    { name: 'flag', type: 'Boolean!', ...(random.chance(0.5) && { default: 'true' }) },
    { name: 'again', type: 'Filter' },
  ];
  model.inputs.set('InnerInput', { name: 'InnerInput', fields: inner, extra: new Map() });
}

export function addEntities(model: Model, random: Random): void {
  const count = random.int(3, 6);
  for (let index = 0; index < count; index += 1) {
    const type = addObject(model, `T${index}`, 'entity');
    const keys = addKeys(type, model, random);
    spread(type, keys, { model, random });
  }
}

function addObject(model: Model, name: string, kind: ObjectType['kind']): ObjectType {
  const type: ObjectType = { name, kind, fields: new Map(), presence: new Map() };
  model.objects.set(name, type);
  return type;
}

function addKeys(type: ObjectType, model: Model, random: Random): string[] {
  const keys = ['id'];
  const add = (name: string, typeText: string, identifies: NonNullable<Field['identifies']>) =>
    type.fields.set(name, newField(name, typeText, { identifies }));
  add('id', 'ID!', 'whole');
  if (random.chance(0.4)) {
    keys.push('sku');
    add('sku', random.pick(['String!', 'Int!', 'ID!']), 'whole');
  }
  if (random.chance(0.3)) {
    keys.push('shelf place');
    add('shelf', 'String!', 'high');
    add('place', 'Int!', 'low');
  }
  if (random.chance(0.25)) {
    const owner = addObject(model, `${type.name}Owner`, 'value');
    owner.fields.set('id', newField('id', 'ID!', { identifies: 'whole' }));
    if (random.chance(0.5)) owner.fields.set('city', newField('city', 'String'));
    keys.push(random.pick(['owner { id }', 'owner { id } id']));
    add('owner', `${owner.name}!`, 'nested');
  }
  return keys;
}

/** One subgraph knows every key, the others one or two of them: whoever has one can get at all the others. */
function spread(type: ObjectType, keys: readonly string[], { model, random }: { model: Model; random: Random }): void {
  const home = random.pick(model.subgraphs);
  for (const key of keys) present(model, random, { subgraph: home, type: type.name, key });
  const others = model.subgraphs.filter((name) => name !== home);
  for (const subgraph of random.some(others, random.int(1, others.length)))
    for (const key of random.some(keys, random.chance(0.3) ? 2 : 1))
      present(model, random, { subgraph, type: type.name, key });
}

export function addValueTypes(model: Model, random: Random): void {
  const leafs = ['String', 'Int!', 'Float', 'Boolean!', 'Color', '[Int!]', '[[String]!]', 'Blob'];
  const entities = [...model.objects.values()].filter(({ kind }) => kind === 'entity').map(({ name }) => name);
  const count = random.int(1, 3);
  for (let index = 0; index < count; index += 1) {
    const typeTexts = random.some(leafs, random.int(1, 3));
    const before = `V${index - 1}`;
    if (index > 0 && random.chance(0.4)) typeTexts.push(random.pick([before, `[${before}!]`, `[${before}]!`]));
    if (random.chance(0.4)) typeTexts.push(`${random.pick(entities)}${random.pick(['', '!'])}`);
    const type = addObject(model, `V${index}`, 'value');
    for (const [position, typeText] of typeTexts.entries())
      type.fields.set(`v${position}`, newField(`v${position}`, typeText, { mayFail: true }));
  }
  const receipt = addObject(model, 'Receipt', 'value');
  receipt.fields.set('turn', newField('turn', 'Int!', { identifies: 'whole' }));
  receipt.fields.set('target', newField('target', random.pick(entities), { mayFail: true }));
}
