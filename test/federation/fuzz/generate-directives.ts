import { declare, namedType, newField, present, resolvers } from './declare.ts';
import type { Argument, Field, Model, ObjectType } from './model.ts';
import type { Random } from './random.ts';

// Fields that lean on those of other subgraphs: `@override`, `@requires`, `@provides`, `@inaccessible`.

export function addOverrides(model: Model, random: Random): void {
  for (const type of entitiesOf(model))
    for (const field of type.fields.values()) {
      const [from, ...others] = resolvers(field);
      const to = [...type.presence.keys()].find((name) => !field.declarations.has(name));
      if (from === undefined || others.length > 0 || to === undefined || field.identifies || !random.chance(0.12))
        continue;
      if (!knows(model, to, field)) continue;
      field.declarations.get(from)!.role = 'overridden';
      declare(field, to, { directives: [`@override(from: "${from}")`] });
    }
}

export function addRequires(model: Model, random: Random): void {
  for (const type of entitiesOf(model))
    for (const [subgraph] of type.presence) {
      if (!random.chance(0.4)) continue;
      const count = random.int(1, 2);
      for (let index = 0; index < count; index += 1) addRequiringField(model, random, { type, subgraph, index });
    }
  for (const { entity, candidates, name } of model.interfaces.values()) {
    if (!entity || !random.chance(0.5)) continue;
    const shared = [...model.interfaces.get(name)!.fields.values()].find(
      (each) => isLeaf(model, each) && each.name !== 'id',
    );
    if (!shared) continue;
    const external = newField(shared.name, shared.type, { args: shared.args });
    declare(external, entity.objectIn, { role: 'external', directives: ['@external'] });
    entity.fields.set(shared.name, external);
    for (const each of candidates) model.objects.get(each)!.fields.get(shared.name)!.mayFail = false;
    const fields = `${shared.name}${literalArguments(shared.args, random)}`;
    const field = newField('j0r', 'String', { requires: fields });
    declare(field, entity.objectIn, { directives: [`@requires(fields: ${JSON.stringify(fields)})`] });
    entity.fields.set(field.name, field);
  }
}

function addRequiringField(
  model: Model,
  random: Random,
  { type, subgraph, index }: { type: ObjectType; subgraph: string; index: number },
): void {
  const name = `r${index}_${subgraph}`;
  // Chains are of use in small numbers only: the planner gets many of them wrong.
  const elsewhere = [...type.fields.values()].filter((each) => {
    return isElsewhere(model, subgraph, each) && (each.requires === undefined || random.chance(0.15));
  });
  if (elsewhere.length === 0) return;
  const selections = random.some(elsewhere, random.int(1, 2)).flatMap((each) => {
    const selection = requireField(model, random, { field: each, subgraph, depth: 0 });
    return selection === null ? [] : [selection];
  });
  if (selections.length === 0) return;
  const fields = selections.join(' ');
  const field = newField(name, random.pick(['String', 'String', 'String!']), { requires: fields, mayFail: true });
  type.fields.set(name, field);
  declare(field, subgraph, { directives: [`@requires(fields: ${JSON.stringify(fields)})`] });
}

/** What `@requires` says of the field; null where nothing below it can be required. */
function requireField(
  model: Model,
  random: Random,
  { field, subgraph, depth }: { field: Field; subgraph: string; depth: number },
): string | null {
  const below = selectBelow(model, random, { typeName: namedType(field.type), subgraph, depth });
  if (below === null) return null;
  field.mayFail = false;
  if (!field.declarations.has(subgraph)) declare(field, subgraph, { role: 'external', directives: ['@external'] });
  return `${field.name}${literalArguments(field.args, random)}${below}`;
}

function selectBelow(
  model: Model,
  random: Random,
  { typeName, subgraph, depth }: { typeName: string; subgraph: string; depth: number },
): string | null {
  const object = model.objects.get(typeName);
  if (object) {
    if (depth > 2) return null;
    present(model, random, { subgraph, type: typeName });
    const own = [...object.fields.values()].filter((each) => each.declarations.get(subgraph)?.role === 'resolves');
    const known = own.filter((each) => !each.requires && isLeaf(model, each) && each.name !== 'turn');
    const usable = object.kind === 'value' ? known : known.filter((each) => each.identifies === 'whole');
    const parts = random.some(usable, random.int(1, 2)).map((each) => {
      each.mayFail = false;
      return `${each.name}${literalArguments(each.args, random)}`;
    });
    const further = [...object.fields.values()].filter((each) => {
      return isElsewhere(model, subgraph, each) && isLeaf(model, each) && each.requires === undefined;
    });
    if (object.kind === 'entity' && further.length > 0 && random.chance(0.5)) {
      const deeper = requireField(model, random, { field: random.pick(further), subgraph, depth: depth + 1 });
      if (deeper !== null) parts.push(deeper);
    }
    return parts.length === 0 ? null : ` { ${parts.join(' ')} }`;
  }
  const abstract = model.unions.get(typeName) ?? model.interfaces.get(typeName);
  if (!abstract) return '';
  present(model, random, { subgraph, type: typeName });
  const members = [...(abstract.members.get(subgraph) ?? [])];
  const parts = random.some(members, 2).flatMap((each) => {
    const below = selectBelow(model, random, { typeName: each, subgraph, depth: depth + 1 });
    return below === null ? [] : [`... on ${each}${below}`];
  });
  // Without it the requiring subgraph could not tell the members apart.
  return parts.length === 0 ? null : ` { __typename ${parts.join(' ')} }`;
}

export function addProvides(model: Model, random: Random): void {
  for (const type of entitiesOf(model))
    for (const field of type.fields.values())
      for (const [subgraph, declaration] of field.declarations) {
        const target = model.objects.get(namedType(field.type));
        if (declaration.role !== 'resolves' || target?.kind !== 'entity' || !random.chance(0.35)) continue;
        const provided = [...target.fields.values()].find(
          (each) =>
            isElsewhere(model, subgraph, each) && isLeaf(model, each) && !each.requires && each.args.length === 0,
        );
        if (!provided) continue;
        declare(provided, subgraph, { role: 'external', directives: ['@external'], isProvided: true });
        declaration.provides = provided.name;
        declaration.directives = [...declaration.directives, `@provides(fields: "${provided.name}")`];
      }
}

export function addInaccessible(model: Model, random: Random): void {
  for (const type of entitiesOf(model))
    for (const field of type.fields.values()) {
      const isOfInterface = [...model.interfaces.values()].some(
        (each) =>
          each.candidates.includes(type.name) && (each.fields.has(field.name) || each.entity?.fields.has(field.name)),
      );
      const [subgraph] = resolvers(field);
      if (isOfInterface || subgraph === undefined || field.name === 'id' || !random.chance(0.07)) continue;
      const declaration = field.declarations.get(subgraph)!;
      declaration.directives = [...declaration.directives, '@inaccessible'];
    }
}

const entitiesOf = ({ objects }: Model): ObjectType[] => [...objects.values()].filter(({ kind }) => kind === 'entity');

/** Another subgraph owns the field, and this one does not know it yet. */
function isElsewhere(model: Model, subgraph: string, field: Field): boolean {
  const [owner] = resolvers(field);
  return owner !== undefined && !field.declarations.has(subgraph) && knows(model, subgraph, field);
}

function knows(model: Model, subgraph: string, field: Field): boolean {
  const name = namedType(field.type);
  const object = model.objects.get(name);
  if (object) return object.presence.has(subgraph);
  const abstract = model.unions.get(name) ?? model.interfaces.get(name);
  return abstract === undefined || abstract.members.has(subgraph);
}

function isLeaf(model: Model, field: Field): boolean {
  const name = namedType(field.type);
  return !model.objects.has(name) && !model.unions.has(name) && !model.interfaces.has(name);
}

const LITERALS: Readonly<Record<string, readonly string[]>> = {
  x: ['1', '2', 'null'],
  n: ['1', '2'],
  s: ['"q"', 'null'],
  color: ['RED'],
  ids: ['["1", "2"]', '[]'],
  flag: ['true', 'false'],
  filter: ['null'],
  blob: ['{ a: [1, "b"] }'],
};

function literalArguments(args: readonly Argument[], random: Random): string {
  const given = args.flatMap(({ name, type, default: fallback }) => {
    const isNeeded = type.endsWith('!') && fallback === undefined;
    return isNeeded || random.chance(0.6) ? [`${name}: ${random.pick(LITERALS[name]!)}`] : [];
  });
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}
