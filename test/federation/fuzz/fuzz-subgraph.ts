import { buildSubgraphSchema } from '@apollo/subgraph';
import { defaultFieldResolver, execute, isObjectType, Kind, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLFieldResolver } from 'graphql';

import type { Subgraph } from '@tributary/kit/subgraph';

import { selectionSet } from './declare.ts';
import type { Field, Model } from './model.ts';
import type { Turns } from './turns.ts';
import { canonical, findField } from './world.ts';
import type { Thing, World } from './world.ts';

// A subgraph of a generated model. It answers what it declares to answer and nothing else: of external fields it knows only what
// its representation says, and it says nonsense where it should not have been asked.

/** A thing as this subgraph has come to know it. */
interface KnownThing extends Thing {
  representation?: Readonly<Record<string, unknown>>;
  /** Names of external fields that come along. */
  provided?: string;
}

export function createFuzzSubgraph(
  name: string,
  { sdl, model, world, turns }: { sdl: string; model: Model; world: World; turns: Turns },
): Subgraph {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl) });
  const keysOf = (typename: string): readonly string[] =>
    model.objects
      .get(typename)
      ?.presence.get(name)
      ?.keys.map(({ fields }) => fields) ?? [model.interfaces.get(typename)!.entity!.key];

  const entities = schema.getQueryType()?.getFields()._entities;
  if (entities)
    entities.resolve = (_source, { representations }: { representations: readonly Representation[] }) =>
      representations.map((representation) => {
        const { __typename: typename } = representation;
        const thing = world.find(typename, representation, keysOf(typename));
        return thing && { ...thing, representation, __typename: typenameOf(thing) };
      });

  const resolve: GraphQLFieldResolver<unknown, { requestId: string }, Arguments> = (source, args, context, info) => {
    const { fieldName, parentType } = info;
    if (fieldName.startsWith('_')) return defaultFieldResolver(source, args, context, info);
    if (parentType === schema.getQueryType()) return world.rootValueOf(model.query.get(fieldName)!, args, () => 0);
    if (parentType === schema.getMutationType())
      return world.rootValueOf(model.mutation.get(fieldName)!, args, () => turns.next(context.requestId));
    const thing = source as KnownThing;
    const ofInterface = model.interfaces.get(parentType.name)?.entity?.fields.get(fieldName);
    return answer(thing, ofInterface ?? findField(model, thing.type, fieldName)!, args);
  };

  function answer(thing: KnownThing, field: Field, args: Arguments): unknown {
    const { role, provides } = field.declarations.get(name)!;
    const isProvided = thing.provided === field.name;
    if (role === 'overridden')
      throw new Error(`${name} was asked for ${field.name}, which another subgraph has taken over`);
    if (role === 'external' && !isProvided && !isKeyOf(thing, field))
      throw new Error(`${name} was asked for ${field.name}, which it does not own`);
    const value = world.valueOf(thing, field, args);
    if (field.requires !== undefined) return requiredOf(thing, field);
    return provides === undefined ? value : withProvided(value, provides);
  }

  // Keys are declared everywhere, so an external field is never one of them.
  const isKeyOf = (_thing: KnownThing, field: Field) => field.identifies !== undefined;

  // The value is made of what the representation says: whatever the gateway left out or got wrong shows in it.
  function requiredOf({ representation }: KnownThing, { requires }: Field): string {
    return canonical(representation ? pick(representation, selectionSet(requires!)) : { nothing: true });
  }

  return {
    name,
    schema,
    isReady: async () => true,
    stop: async () => undefined,
    async execute({ query, variables }, call) {
      const document = prepare(query);
      return execute({
        schema,
        document,
        contextValue: { requestId: call.requestId },
        variableValues: variables ?? null,
        fieldResolver: resolve,
        typeResolver: (value) => typenameOf(value as KnownThing),
      });
    },
  };

  function typenameOf({ type }: KnownThing): string {
    if (isObjectType(schema.getType(type))) return type;
    return [...model.interfaces.values()].find(
      (each) => each.candidates.includes(type) && each.entity?.objectIn === name,
    )!.name;
  }

  function prepare(query: string): DocumentNode {
    const document = parse(query);
    const problems = validate(schema, document);
    if (problems.length > 0)
      throw new Error(`${name} was sent an operation that is not valid: ${String(problems[0])}\n${query}`);
    return document;
  }
}

type Arguments = Readonly<Record<string, unknown>>;
type Representation = Readonly<Record<string, unknown>> & { __typename: string };

function withProvided(value: unknown, provided: string): unknown {
  if (Array.isArray(value)) return value.map((each) => withProvided(each, provided));
  return value === null ? null : { ...(value as Thing), provided };
}

/** The part of some JSON that a field set selects. */
function pick(
  source: Readonly<Record<string, unknown>>,
  selection: ReturnType<typeof selectionSet>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const each of selection.selections) {
    if (each.kind === Kind.INLINE_FRAGMENT) {
      if (each.typeCondition?.name.value === source.__typename) Object.assign(result, pick(source, each.selectionSet));
    } else if (each.kind === Kind.FIELD) {
      const value = source[each.name.value];
      result[each.name.value] = each.selectionSet
        ? pickEach(value, each.selectionSet)
        : value === undefined
          ? 'NOT SENT'
          : value;
    }
  }
  return result;
}

function pickEach(value: unknown, selection: ReturnType<typeof selectionSet>): unknown {
  if (Array.isArray(value)) return value.map((each) => pickEach(each, selection));
  if (value === undefined) return 'NOT SENT';
  return value === null ? null : pick(value as Record<string, unknown>, selection);
}
