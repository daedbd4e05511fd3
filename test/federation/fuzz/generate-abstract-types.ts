import { canKnow, declare, namedType, newField, present } from './declare.ts';
import type { Argument, InterfaceType, Model } from './model.ts';
import type { Random } from './random.ts';

// Unions and interfaces, whose members each subgraph knows in part, and interfaces that are entities.

export function addAbstractTypes(model: Model, random: Random): void {
  const entities = [...model.objects.values()].filter(({ kind }) => kind === 'entity').map(({ name }) => name);
  const values = [...model.objects.keys()].filter((name) => /^V\d$/.test(name));
  if (random.chance(0.7))
    model.unions.set('U0', {
      name: 'U0',
      candidates: [...random.some(entities, random.int(1, 3)), ...random.some(values, random.int(0, 1))],
      members: new Map(),
    });
  if (random.chance(0.3))
    model.unions.set('U1', { name: 'U1', candidates: random.some(entities, 2), members: new Map() });
  const count = random.int(0, 2);
  const free = entities.filter(
    (name) => ![...model.interfaces.values()].some((each) => each.candidates.includes(name)),
  );
  for (let index = 0; index < count && free.length > 0; index += 1) {
    const type: InterfaceType = {
      name: `I${index}`,
      candidates: random.some(free, random.int(1, 3)),
      fields: new Map(),
      members: new Map(),
    };
    model.interfaces.set(type.name, type);
    addInterfaceFields(type, model, random);
  }
}

/** Gives every member fields of the same name and type, each in a subgraph of its own. */
export function addInterfaceFields(type: InterfaceType, model: Model, random: Random): void {
  const count = random.int(1, 2);
  for (let index = 0; index < count; index += 1) {
    const name = `${type.name.toLowerCase()}f${index}`;
    const typeText = random.pick(
      ['String', 'Int!', 'Color', '[String!]', ...model.objects.keys()].filter((each) => each !== 'Receipt'),
    );
    const args: Argument[] = random.chance(0.3) ? [{ name: 'x', type: 'Int' }] : [];
    if (!type.candidates.every((each) => homesFor(model, each, typeText).length > 0)) continue;
    type.fields.set(name, newField(name, typeText, { args, mayFail: true }));
    for (const candidate of type.candidates) {
      const field = newField(name, typeText, { args, mayFail: true });
      model.objects.get(candidate)!.fields.set(name, field);
      const homes = type.entity
        ? [type.entity.home]
        : random.some(homesFor(model, candidate, typeText), random.int(1, 2));
      for (const subgraph of homes) {
        declare(field, subgraph);
        present(model, random, { subgraph, type: namedType(typeText) });
      }
    }
  }
  type.fields.set('id', newField('id', 'ID!'));
}

function homesFor(model: Model, type: string, typeText: string): string[] {
  const { presence } = model.objects.get(type)!;
  return [...presence.keys()].filter((subgraph) => canKnow(model, subgraph, namedType(typeText)));
}

/** One subgraph declares an interface with a key, another one adds fields to it without knowing its members. */
export function addInterfaceObject(model: Model, random: Random): void {
  if (!random.chance(0.4)) return;
  const pairs = model.subgraphs.flatMap((home) => {
    return model.subgraphs.map((objectIn) => ({ home, objectIn, known: onlyInFirst(model, home, objectIn) }));
  });
  const possible = pairs.filter(({ known }) => known.length > 0);
  if (possible.length === 0) return;
  const { home, objectIn, known } = random.pick(possible);
  const candidates = random.some(known, random.int(1, 3));
  model.forbidden.set(objectIn, new Set(candidates));
  const type: InterfaceType = {
    name: 'J0',
    candidates,
    fields: new Map(),
    members: new Map([[home, new Set(candidates)]]),
    entity: { key: 'id', home, objectIn, fields: new Map() },
  };
  model.interfaces.set('J0', type);
  for (const candidate of candidates) present(model, random, { subgraph: home, type: candidate, key: 'id' });
  addInterfaceFields(type, model, random);
  const own = type.entity!.fields;
  own.set('id', newField('id', 'ID!', { identifies: 'whole' }));
  declare(own.get('id')!, objectIn);
  const texts = random.some(['String', 'Int!', '[Float!]!', 'Color', 'V0'], random.int(1, 3));
  for (const [index, text] of texts.entries()) {
    if (!canKnow(model, objectIn, namedType(text))) continue;
    const field = newField(`j0x${index}`, text, { mayFail: true });
    own.set(field.name, field);
    declare(field, objectIn);
    present(model, random, { subgraph: objectIn, type: namedType(text) });
  }
}

function onlyInFirst(model: Model, first: string, second: string): string[] {
  return [...model.objects.values()].flatMap(({ name, kind, presence }) => {
    return kind === 'entity' && presence.has(first) && !presence.has(second) ? [name] : [];
  });
}
