import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import type { DocumentNode, GraphQLCompositeType, GraphQLField, GraphQLInputType, GraphQLSchema } from 'graphql';

import type { Random } from './random.ts';

// Makes operations that a schema allows: aliases, arguments, variables, fragments of all kinds, conditions, merged fields.

export interface GeneratedOperation {
  document: DocumentNode;
  text: string;
  operationName: string;
  variables: Record<string, unknown>;
}

interface Draft {
  schema: GraphQLSchema;
  random: Random;
  /** Fields that may still be selected. */
  budget: number;
  variables: Map<string, { definition: string; value: unknown }>;
  fragments: Map<string, { type: GraphQLCompositeType; text: string }>;
  /** Names are made up anew wherever arguments might clash. */
  cautious: boolean;
}

const MAX_DEPTH = 7;
const ALIASES = ['a', 'b', 'id', 'f0', 'x', 'count'];

export function generateOperation(schema: GraphQLSchema, random: Random): GeneratedOperation {
  for (let attempt = 0; ; attempt += 1) {
    const made = draftOperation(schema, random, attempt > 3);
    const document = parse(made.text, { noLocation: true });
    if (validate(schema, document).length === 0) return { ...made, document };
  }
}

function draftOperation(
  schema: GraphQLSchema,
  random: Random,
  cautious: boolean,
): Omit<GeneratedOperation, 'document'> {
  const mutation = schema.getMutationType();
  const isMutation = mutation && random.chance(0.15);
  const rootType = isMutation ? mutation : schema.getQueryType()!;
  const draft: Draft = {
    schema,
    random,
    budget: random.int(3, random.chance(0.1) ? 40 : 18),
    variables: new Map(),
    fragments: new Map(),
    cautious,
  };
  const selections = selectFrom(rootType, draft, 0);
  const definitions = [...draft.variables.values()].map(({ definition }) => definition);
  const operationName = 'Asked';
  const parts = [
    `${isMutation ? 'mutation' : 'query'} ${operationName}${definitions.length > 0 ? `(${definitions.join(', ')})` : ''} ${selections}`,
    ...[...draft.fragments].map(([name, { type, text }]) => `fragment ${name} on ${type.name} ${text}`),
  ];
  if (random.chance(0.1)) parts.unshift('query Other { __typename }');
  const variables: Record<string, unknown> = {};
  for (const [name, { value }] of draft.variables) if (value !== undefined) variables[name] = value;
  return { text: parts.join('\n'), operationName, variables };
}

function selectFrom(type: GraphQLCompositeType, draft: Draft, depth: number): string {
  const { random } = draft;
  const parts: string[] = [];
  const count = draft.budget > 0 ? random.int(1, depth < 2 ? 4 : 3) : 1;
  for (let index = 0; index < count; index += 1) {
    const part = selectOne(type, draft, depth);
    if (part !== null) parts.push(part);
  }
  if (parts.length === 0) parts.push('__typename');
  if (parts.length > 1 && random.chance(0.06)) parts.push(random.pick(parts));
  return `{ ${parts.join(' ')} }`;
}

function selectOne(type: GraphQLCompositeType, draft: Draft, depth: number): string | null {
  const { random } = draft;
  if (random.chance(0.12)) return `${random.pick(['', '', 'kind: ', 'a: '])}__typename${conditions(draft)}`;
  if (depth === 0 && random.chance(0.04)) return introspection(draft);
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  const fragmentChance = fields.length === 0 ? 1 : isAbstractType(type) ? 0.5 : 0.1;
  if (draft.budget > 0 && random.chance(fragmentChance))
    return random.chance(0.35) ? namedFragment(type, draft, depth) : inlineFragment(type, draft, depth);
  if (fields.length === 0) return null;
  const isDone = draft.budget <= 0 || depth >= MAX_DEPTH;
  const possible = isDone ? fields.filter((field) => !isCompositeType(getNamedType(field.type))) : fields;
  if (possible.length === 0) return null;
  return selectField(random.pick(possible), draft, depth);
}

function selectField(field: GraphQLField<unknown, unknown>, draft: Draft, depth: number): string {
  const { random } = draft;
  draft.budget -= 1;
  const type = getNamedType(field.type);
  const args = field.args.flatMap((argument) => {
    const isNeeded = isNonNullType(argument.type) && argument.defaultValue === undefined;
    if (!isNeeded && random.chance(0.4)) return [];
    return [`${argument.name}: ${argumentValue(argument.type, draft)}`];
  });
  const aliasChance = args.length > 0 ? 0.5 : 0.15;
  let alias = random.chance(aliasChance) ? random.pick(ALIASES) : null;
  if (draft.cautious && (args.length > 0 || alias !== null)) alias = `c${draft.budget + 100}`;
  const text = args.length > 0 ? `${field.name}(${args.join(', ')})` : field.name;
  const below = isCompositeType(type) ? ` ${selectFrom(type, draft, depth + 1)}` : '';
  return `${alias === null ? '' : `${alias}: `}${text}${conditions(draft)}${below}`;
}

function inlineFragment(type: GraphQLCompositeType, draft: Draft, depth: number): string | null {
  const condition = conditionFor(type, draft);
  draft.budget -= 1;
  const directives = conditions(draft);
  if (draft.random.chance(0.15)) return `...${directives} ${selectFrom(type, draft, depth + 1)}`;
  return `... on ${condition.name}${directives} ${selectFrom(condition, draft, depth + 1)}`;
}

function namedFragment(type: GraphQLCompositeType, draft: Draft, depth: number): string | null {
  const { random, schema } = draft;
  const fitting = [...draft.fragments].filter(([, known]) => known.text !== '' && overlap(schema, known.type, type));
  if (fitting.length > 0 && random.chance(0.5)) return `...${random.pick(fitting)[0]}${conditions(draft)}`;
  draft.budget -= 1;
  const condition = conditionFor(type, draft);
  const name = `F${draft.fragments.size}`;
  const fragment = { type: condition, text: '' };
  draft.fragments.set(name, fragment);
  fragment.text = selectFrom(condition, draft, depth + 1);
  return `...${name}${conditions(draft)}`;
}

/** A type that an object of `type` may be of. */
function conditionFor(type: GraphQLCompositeType, { schema, random }: Draft): GraphQLCompositeType {
  const all = Object.values(schema.getTypeMap()).filter(isCompositeType);
  const fitting = all.filter((each) => !each.name.startsWith('__') && overlap(schema, each, type));
  const objects = fitting.filter(isObjectType);
  return random.pick(objects.length > 0 && random.chance(0.6) ? objects : fitting);
}

function overlap(schema: GraphQLSchema, a: GraphQLCompositeType, b: GraphQLCompositeType): boolean {
  const possible = (type: GraphQLCompositeType) => (isAbstractType(type) ? schema.getPossibleTypes(type) : [type]);
  return possible(a).some((each) => possible(b).includes(each));
}

function conditions(draft: Draft): string {
  const { random } = draft;
  if (!random.chance(0.08)) return '';
  const one = (name: string) =>
    `@${name}(if: ${random.chance(0.3) ? String(random.chance(0.5)) : conditionVariable(draft)})`;
  return ` ${random.chance(0.1) ? `${one('skip')} ${one('include')}` : one(random.pick(['skip', 'include']))}`;
}

function conditionVariable({ random, variables }: Draft): string {
  const name = `if${random.int(0, 2)}`;
  if (!variables.has(name)) {
    const fallback = random.chance(0.3) ? ` = ${String(random.chance(0.5))}` : '';
    const isLeftOut = fallback !== '' && random.chance(0.5);
    variables.set(name, {
      definition: `$${name}: Boolean!${fallback}`,
      value: isLeftOut ? undefined : random.chance(0.5),
    });
  }
  return `$${name}`;
}

function introspection({ random, schema }: Draft): string {
  const name = random.pick(Object.keys(schema.getTypeMap()));
  return random.pick([
    '__schema { queryType { name } mutationType { name fields { name } } }',
    `t: __type(name: "${name}") { kind name fields { name type { name kind ofType { name } } } possibleTypes { name } }`,
    '__type(name: "Nothing") { name }',
    'directives: __schema { directives { name args { name } } }',
  ]);
}

function argumentValue(type: GraphQLInputType, draft: Draft): string {
  const { random, variables } = draft;
  if (!random.chance(0.4)) return literal(type, draft, 0);
  const name = `v${variables.size}`;
  const isNullable = !isNonNullType(type);
  const declared = isNullable && random.chance(0.2) ? `${String(type)}!` : String(type);
  const fallback = random.chance(0.2) ? ` = ${literal(type, { ...draft, variables: new Map() }, 0, true)}` : '';
  const mayBeLeftOut = !declared.endsWith('!') || fallback !== '';
  const value = mayBeLeftOut && random.chance(0.3) ? undefined : jsonValue(type, draft, 0, declared.endsWith('!'));
  variables.set(name, { definition: `$${name}: ${declared}${fallback}`, value });
  return `$${name}`;
}

const LEAFS: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, 1, 2, 3, -7],
  Float: [0.5, 2],
  String: ['q', 'a"b', ''],
  ID: ['1', '2', 3],
  Boolean: [true, false],
  Blob: ['text', 5],
};

function literal(type: GraphQLInputType, draft: Draft, depth: number, isConstant = false): string {
  const { random } = draft;
  if (isNonNullType(type)) {
    const inner = literal(type.ofType, draft, depth, isConstant);
    return inner === 'null' ? literal(type, draft, depth, isConstant) : inner;
  }
  if (random.chance(0.1)) return 'null';
  if (isListType(type)) {
    if (random.chance(0.1)) return literal(type.ofType, draft, depth, isConstant);
    return `[${Array.from({ length: random.int(0, 2) }, () => literal(type.ofType, draft, depth, isConstant)).join(', ')}]`;
  }
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).flatMap((field) => {
      const isNeeded = isNonNullType(field.type) && field.defaultValue === undefined;
      if (!isNeeded && (depth > 2 || random.chance(0.5))) return [];
      const value =
        isConstant || random.chance(0.8)
          ? literal(field.type, draft, depth + 1, isConstant)
          : argumentValue(field.type, draft);
      return [`${field.name}: ${value}`];
    });
    return `{ ${fields.join(', ')} }`;
  }
  if (type.name === 'Blob' && random.chance(0.3)) return '{ deep: [1, { er: "x" }] }';
  return JSON.stringify(random.pick(LEAFS[type.name]!));
}

function jsonValue(type: GraphQLInputType, draft: Draft, depth: number, isPresent = false): unknown {
  const { random } = draft;
  if (isNonNullType(type)) return jsonValue(type.ofType, draft, depth, true);
  if (!isPresent && random.chance(0.15)) return null;
  if (isListType(type)) return Array.from({ length: random.int(0, 2) }, () => jsonValue(type.ofType, draft, depth));
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  if (isInputObjectType(type)) {
    const object: Record<string, unknown> = {};
    for (const field of Object.values(type.getFields())) {
      const isNeeded = isNonNullType(field.type) && field.defaultValue === undefined;
      if (isNeeded || (depth < 3 && random.chance(0.5))) object[field.name] = jsonValue(field.type, draft, depth + 1);
    }
    return object;
  }
  return random.pick(LEAFS[type.name]!);
}
