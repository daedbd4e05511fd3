import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';

import type { JsonObject } from './response-data.ts';
import { own } from './response-data.ts';
import { isOfType } from './type-conditions.ts';

// The planner has data changed on its way: a representation may have to call itself by the name of an interface, and a field that
// got an alias because two types would clash gets its name back.

export type Rewrite = (value: JsonObject) => void;

const TYPE_CONDITION = '... on ';

/** Changes data in place; null when there is nothing to change. */
export function compileRewrites(
  rewrites: readonly FetchDataRewrite[] | undefined,
  schema: GraphQLSchema,
): Rewrite | null {
  if (rewrites === undefined || rewrites.length === 0) return null;
  const changes = rewrites.map((rewrite) => {
    const change = changeOf(rewrite);
    const parents = rewrite.path.slice(0, -1);
    return (value: JsonObject) => applyAt(value, parents, { change, schema });
  });
  return (value) => {
    for (const change of changes) change(value);
  };
}

function changeOf(rewrite: FetchDataRewrite): Rewrite {
  const name = rewrite.path.at(-1) ?? '';
  if (rewrite.kind === 'ValueSetter') return (object) => void (object[name] = rewrite.setValueTo as unknown);
  return (object) => {
    const value = own(object, name);
    if (value === undefined) return;
    object[rewrite.renameKeyTo] = value;
    object[name] = undefined;
  };
}

function applyAt(
  value: unknown,
  path: readonly string[],
  { change, schema }: { change: Rewrite; schema: GraphQLSchema },
): void {
  if (Array.isArray(value)) {
    for (const item of value) applyAt(item, path, { change, schema });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as JsonObject;
  const [first, ...rest] = path;
  if (first === undefined) change(object);
  else if (!first.startsWith(TYPE_CONDITION)) applyAt(own(object, first), rest, { change, schema });
  else if (mayBe(object, first.slice(TYPE_CONDITION.length), schema)) applyAt(object, rest, { change, schema });
}

// An object that does not say what it is counts as what the planner expects it to be.
function mayBe(object: JsonObject, typeCondition: string, schema: GraphQLSchema): boolean {
  const typename = own(object, '__typename');
  return typeof typename !== 'string' || typename === '' || isOfType(schema, typename, typeCondition);
}
